using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace StreamGenre.StreamHost.Services;

/// <summary>The .proto files of a server's services, and all they import, by file name and by the symbols they define.</summary>
internal sealed class DescriptorCatalog
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);

    public DescriptorCatalog(params FileDescriptor[] roots)
    {
        foreach (var root in roots)
        {
            AddFile(root);
        }

        Services = [.. roots.SelectMany(root => root.Services).Select(service => service.FullName).Order(StringComparer.Ordinal)];
    }

    /// <summary>Full names of the services.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>The file of that name and then what it imports, serialized; null when there is none.</summary>
    public IReadOnlyList<ByteString>? ByFileName(string name) => _files.TryGetValue(name, out var file) ? WithImports(file) : null;

    /// <summary>The file that defines a service, method, message, field, enum or enum value, and then what it imports; null when there is none.</summary>
    public IReadOnlyList<ByteString>? BySymbol(string symbol) => _symbols.TryGetValue(symbol, out var file) ? WithImports(file) : null;

    private static List<ByteString> WithImports(FileDescriptor file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<ByteString>();
        void Visit(FileDescriptor next)
        {
            if (seen.Add(next.Name))
            {
                found.Add(next.SerializedData);
                foreach (var import in next.Dependencies)
                {
                    Visit(import);
                }
            }
        }

        Visit(file);
        return found;
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (var message in file.MessageTypes)
        {
            AddMessage(message, file);
        }

        foreach (var type in file.EnumTypes)
        {
            AddEnum(type, file);
        }

        foreach (var import in file.Dependencies)
        {
            AddFile(import);
        }
    }

    private void AddMessage(MessageDescriptor message, FileDescriptor file)
    {
        _symbols[message.FullName] = file;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = file;
        }

        foreach (var nested in message.NestedTypes)
        {
            AddMessage(nested, file);
        }

        foreach (var type in message.EnumTypes)
        {
            AddEnum(type, file);
        }
    }

    private void AddEnum(EnumDescriptor type, FileDescriptor file)
    {
        _symbols[type.FullName] = file;
        foreach (var value in type.Values)
        {
            _symbols[value.FullName] = file;
        }
    }
}

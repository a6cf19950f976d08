using System.Reflection;
using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void Stages_ReferencesNoServerWireOrCommand() =>
        Assert.DoesNotContain(References("StreamGenre.Stages"), name =>
            name is "StreamGenre.StreamHost" or "StreamGenre.Rpc" or "StreamGenre.Protos" or "Google.Protobuf" || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void StreamHost_KnowsEnginesByTheirInterfaceAlone()
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var known = typeof(StreamHost.Hosting.GenreServer).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("StreamGenre.StreamHost", StringComparison.Ordinal) == true && !type.Name.StartsWith('<'))
            .SelectMany(type => type.GetFields(All).Select(field => field.FieldType)
                .Concat(type.GetConstructors(All).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType)))
            .ToHashSet();
        Assert.Contains(typeof(IGenreEngine), known);
        Assert.DoesNotContain(known, type => type != typeof(IGenreEngine) && type.IsAssignableTo(typeof(IGenreEngine)));
        Assert.DoesNotContain(known, type => type != typeof(IGenreStream) && type.IsAssignableTo(typeof(IGenreStream)));
    }

    [Fact]
    public void Rpc_ReferencesNothingOfGenres() =>
        Assert.DoesNotContain(References("StreamGenre.Rpc"), name => name.StartsWith("StreamGenre", StringComparison.Ordinal));

    [Fact]
    public void AudioFiles_ReferencesNothingButTheFramework() =>
        Assert.DoesNotContain(References("StreamGenre.AudioFiles"), name =>
            !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal));

    [Fact]
    public void Readme_IsShortAndNamesItsTwoCommands()
    {
        var root = typeof(ArchitectureTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;
        var lines = File.ReadAllLines(Path.Combine(root, "README.md"));
        Assert.InRange(lines.Length, 1, 149);
        Assert.Contains(lines, line => line.StartsWith("dotnet run --project src/StreamHost -c Release -- demo", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("tests/run", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(root, "tests", "run")));
    }

    private static List<string> References(string assembly) => [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];
}

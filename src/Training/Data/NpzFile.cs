using System.IO.Compression;

using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Data;

/// <summary>Arrays by name in NumPy's npz form: a zip archive of npy files, stored or deflated, with or without zip64 headers.</summary>
internal sealed class NpzFile
{
    private readonly Dictionary<string, NpyArray> _arrays;

    private NpzFile(string path, Dictionary<string, NpyArray> arrays)
    {
        Path = path;
        _arrays = arrays;
    }

    /// <summary>Where the file was read.</summary>
    public string Path { get; }

    /// <summary>Names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>The array of a name.</summary>
    /// <exception cref="TrainingException">There is none; the message lists those there are.</exception>
    public NpyArray this[string name] => _arrays.TryGetValue(name, out var array)
        ? array
        : throw new TrainingException($"{Path} has no array '{name}'; it holds {string.Join(", ", _arrays.Keys)}");

    /// <summary>Reads all arrays of a file.</summary>
    /// <exception cref="TrainingException">There is no such file, or it is not an npz.</exception>
    public static NpzFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no file {path}");
        }

        try
        {
            using var archive = ZipFile.OpenRead(path);
            var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
            foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                arrays[entry.FullName[..^4]] = NpyArray.Read(stream, $"{path}:{entry.FullName}");
            }

            return new NpzFile(path, arrays);
        }
        catch (InvalidDataException error)
        {
            throw new TrainingException($"{path} is not a readable npz (zip) file: {error.Message}", error);
        }
    }

    /// <summary>Whether there is an array of a name.</summary>
    public bool Contains(string name) => _arrays.ContainsKey(name);

    /// <summary>Writes float32 arrays; the file appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<(string Name, int[] Shape, float[] Values)> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, file =>
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, shape, values) in arrays)
            {
                using var stream = archive.CreateEntry(name + ".npy", CompressionLevel.Fastest).Open();
                NpyArray.Write(stream, values, shape);
            }
        });
    }
}

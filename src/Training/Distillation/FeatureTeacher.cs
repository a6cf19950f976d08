using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Distillation;

/// <summary>
/// A finished model whose features a network learns to give: an ONNX file from windows [N, 1, mels, frames] to features [N, features]; and to scores
/// [N, classes], where its metadata names the classes. What it once heard is kept in a folder, a file for each batch of windows.
/// </summary>
internal sealed class FeatureTeacher : IDisposable
{
    /// <summary>Entry of metadata_props that says how the teacher's windows are normalised, where not as the student's.</summary>
    public const string NormalizationKey = "window_normalization";

    /// <summary>Name of the output with the features.</summary>
    public const string FeaturesName = "features";

    /// <summary>Name of the output with the scores of classes.</summary>
    public const string ScoresName = "scores";

    /// <summary>Entry of metadata_props with the classes' names, a JSON array, in the order of the scores.</summary>
    public const string ClassesKey = "classes";

    private readonly BatchSession _session;
    private readonly string _input;
    private readonly string _output;
    private readonly TensorShape _window;
    private readonly string[] _classes;
    private readonly string _cacheFolder;
    private readonly byte[] _identity;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="student">The contract of the network that learns; the teacher takes the same windows.</param>
    /// <param name="cacheFolder">Where what it heard is kept.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, or it doesn't take the student's windows, or it names classes that it doesn't score.</exception>
    public FeatureTeacher(string path, ModelContract student, string cacheFolder, int threads)
    {
        _session = new BatchSession(path, threads);
        int[] window = [1, student.Mel.Rows, student.PatchFrames];
        _window = new TensorShape([.. window]);
        var (input, output) = (_session.Inputs.First(), _session.Outputs.First());
        (_input, _output) = (input.Key, output.Key);
        if (!input.Value.Dimensions.AsSpan(1).SequenceEqual(window) || output.Value.Dimensions.Length != 2)
        {
            _session.Dispose();
            throw new TrainingException(
                $"{path} goes from [{Shape(input.Value.Dimensions)}] to [{Shape(output.Value.Dimensions)}]; a teacher of features goes from windows [N, {Shape(window)}] to [N, features]");
        }

        Contract = student with
        {
            Normalization = NormalizationOf(_session.Metadata.GetValueOrDefault(NormalizationKey)) ?? student.Normalization,
        };
        Count = output.Value.Dimensions[1];
        _classes = ClassesOf(_session.Metadata);
        if (_classes.Length > 0 && !(_session.Outputs.TryGetValue(ScoresName, out var scores) && scores.Dimensions.AsSpan().SequenceEqual([scores.Dimensions[0], _classes.Length])))
        {
            _session.Dispose();
            throw new TrainingException($"{path} names {_classes.Length} classes and has no output '{ScoresName}' [N, {_classes.Length}]");
        }

        Genres = GenreClasses.Of(student.Labels, _classes);
        _identity = SHA256.HashData(File.ReadAllBytes(path));
        _cacheFolder = Directory.CreateDirectory(cacheFolder).FullName;
    }

    /// <summary>The windows it takes: the student's, but for the normalisation where the file's metadata says another.</summary>
    public ModelContract Contract { get; }

    /// <summary>Features of a window.</summary>
    public int Count { get; }

    /// <summary>For each of the student's labels the class that is meant by it; null where there is none.</summary>
    public IReadOnlyList<string?> Genres { get; }

    /// <summary>Windows that it has heard so far; those taken from the cache don't count.</summary>
    public long Heard { get; private set; }

    /// <summary>Features [batch, features] of windows [batch, mels, frames], normalised.</summary>
    public float[] Features(ReadOnlyMemory<float> windows) => Hear(windows, _output, Count);

    /// <summary>Scores [batch, labels] of windows [batch, mels, frames], normalised, of the classes that <see cref="Genres"/> names; 0 for a label without one.</summary>
    public float[] Scores(ReadOnlyMemory<float> windows)
    {
        var scores = Hear(windows, ScoresName, _classes.Length);
        var places = Genres.Select(genre => Array.IndexOf(_classes, genre)).ToArray();
        return [.. scores.Chunk(_classes.Length).SelectMany(row => places.Select(place => place < 0 ? 0 : row[place]))];
    }

    /// <summary>The normalisation that an entry of the name <see cref="NormalizationKey"/> means; null where it means none.</summary>
    public static WindowNormalization? NormalizationOf(string? entry) => Enum.TryParse<WindowNormalization>(entry, out var named) ? named : null;

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[] Hear(ReadOnlyMemory<float> windows, string output, int width)
    {
        var count = windows.Length / _window.Count;
        var path = Path.Combine(_cacheFolder, Key(windows.Span, output) + ".heard");

        // What was cut short since is heard anew.
        if (File.Exists(path) && MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray() is var kept && kept.Length == count * width)
        {
            return kept;
        }

        var heard = _session.Run(_input, _window, windows, output);
        Heard += count;
        AtomicFile.WriteEntry(path, stream => stream.Write(MemoryMarshal.AsBytes<float>(heard)));
        return heard;
    }

    private string Key(ReadOnlySpan<float> windows, string output)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_identity);
        hash.AppendData(Encoding.UTF8.GetBytes(output));
        hash.AppendData(MemoryMarshal.AsBytes(windows));
        return Convert.ToHexString(hash.GetHashAndReset())[..32];
    }

    /// <summary>The classes' names; none where the metadata has no such array.</summary>
    private static string[] ClassesOf(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return metadata.TryGetValue(ClassesKey, out var names) ? JsonSerializer.Deserialize<string[]>(names) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Shape(IEnumerable<int> sizes) => string.Join(", ", sizes.Select(size => size < 0 ? "N" : $"{size}"));
}

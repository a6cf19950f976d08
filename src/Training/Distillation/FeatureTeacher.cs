using System.Security.Cryptography;
using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Distillation;

/// <summary>
/// A finished model whose features a network learns to give: an ONNX file from windows [N, 1, mels, frames] to features [N, features]; and to scores
/// [N, classes], where its metadata names the classes.
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

    /// <summary>Opens a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="student">The contract of the network that learns; the teacher takes the same windows.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, or it doesn't take the student's windows, or it names classes that it doesn't score.</exception>
    public FeatureTeacher(string path, ModelContract student, int threads)
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
        Identity = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
    }

    /// <summary>The windows it takes: the student's, but for the normalisation where the file's metadata says another.</summary>
    public ModelContract Contract { get; }

    /// <summary>Features of a window.</summary>
    public int Count { get; }

    /// <summary>For each of the student's labels the class that is meant by it; null where there is none.</summary>
    public IReadOnlyList<string?> Genres { get; }

    /// <summary>Tells one teacher from another: a hash of its file.</summary>
    public string Identity { get; }

    /// <summary>Features [batch, features] of windows [batch, mels, frames], normalised.</summary>
    public float[] Features(ReadOnlyMemory<float> windows) => _session.Run(_input, _window, windows, _output);

    /// <summary>Scores [batch, labels] of windows [batch, mels, frames], normalised, of the classes that <see cref="Genres"/> names; 0 for a label without one.</summary>
    public float[] Scores(ReadOnlyMemory<float> windows)
    {
        var scores = _session.Run(_input, _window, windows, ScoresName);
        var places = Genres.Select(genre => Array.IndexOf(_classes, genre)).ToArray();
        return [.. scores.Chunk(_classes.Length).SelectMany(row => places.Select(place => place < 0 ? 0 : row[place]))];
    }

    /// <summary>The normalisation that an entry of the name <see cref="NormalizationKey"/> means; null where it means none.</summary>
    public static WindowNormalization? NormalizationOf(string? entry) => Enum.TryParse<WindowNormalization>(entry, out var named) ? named : null;

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

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

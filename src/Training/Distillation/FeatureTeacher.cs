using System.Security.Cryptography;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Distillation;

/// <summary>A finished model whose features a network learns to give: an ONNX file from windows [N, 1, mels, frames] to features [N, features].</summary>
internal sealed class FeatureTeacher : IDisposable
{
    /// <summary>Entry of metadata_props that says how the teacher's windows are normalised, where not as the student's.</summary>
    public const string NormalizationKey = "window_normalization";

    private readonly BatchSession _session;
    private readonly string _input;
    private readonly string _output;
    private readonly TensorShape _window;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="student">The contract of the network that learns; the teacher takes the same windows.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, or it doesn't take the student's windows.</exception>
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
            Normalization = _session.Metadata.TryGetValue(NormalizationKey, out var text) && Enum.TryParse<WindowNormalization>(text, out var named)
                ? named
                : student.Normalization,
        };
        Count = output.Value.Dimensions[1];
        Identity = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
    }

    /// <summary>The windows it takes: the student's, but for the normalisation where the file's metadata says another.</summary>
    public ModelContract Contract { get; }

    /// <summary>Features of a window.</summary>
    public int Count { get; }

    /// <summary>Tells one teacher from another: a hash of its file.</summary>
    public string Identity { get; }

    /// <summary>Features [batch, features] of windows [batch, mels, frames], normalised.</summary>
    public float[] Features(ReadOnlyMemory<float> windows) => _session.Run(_input, _window, windows, _output);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static string Shape(IEnumerable<int> sizes) => string.Join(", ", sizes.Select(size => size < 0 ? "N" : $"{size}"));
}

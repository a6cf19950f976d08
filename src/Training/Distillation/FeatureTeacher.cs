using System.Security.Cryptography;

using Microsoft.ML.OnnxRuntime;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Distillation;

/// <summary>A finished model whose features a network learns to give: an ONNX file from windows [N, 1, mels, frames] to features [N, features].</summary>
internal sealed class FeatureTeacher : IDisposable
{
    /// <summary>Entry of metadata_props that says how the teacher's windows are normalised, where not as the student's.</summary>
    public const string NormalizationKey = "window_normalization";

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _input;
    private readonly string _output;
    private readonly int[] _window;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="student">The contract of the network that learns; the teacher takes the same windows.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, or it doesn't take the student's windows.</exception>
    public FeatureTeacher(string path, ModelContract student, int threads)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no model {path} to learn features from");
        }

        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads == 0 ? Environment.ProcessorCount : threads,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TrainingException($"{path} is not a model that ONNX Runtime loads: {error.Message}", error);
        }

        _window = [1, student.Mel.Rows, student.PatchFrames];
        var (input, output) = (_session.InputMetadata.First(), _session.OutputMetadata.First());
        (_input, _output) = (input.Key, output.Key);
        if (!input.Value.Dimensions.AsSpan(1).SequenceEqual(_window) || output.Value.Dimensions.Length != 2)
        {
            _session.Dispose();
            throw new TrainingException(
                $"{path} goes from [{Shape(input.Value.Dimensions)}] to [{Shape(output.Value.Dimensions)}]; a teacher of features goes from windows [N, {Shape(_window)}] to [N, features]");
        }

        Contract = student with
        {
            Normalization = _session.ModelMetadata.CustomMetadataMap.TryGetValue(NormalizationKey, out var text) && Enum.TryParse<WindowNormalization>(text, out var named)
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
    public float[] Features(ReadOnlyMemory<float> windows)
    {
        long[] shape = [windows.Length / (_window[1] * _window[2]), .. _window.Select(size => (long)size)];
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, System.Runtime.InteropServices.MemoryMarshal.AsMemory(windows), shape);
        using var outputs = _session.Run(_run, [_input], [input], [_output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private static string Shape(IEnumerable<int> sizes) => string.Join(", ", sizes.Select(size => size < 0 ? "N" : $"{size}"));
}

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// What a training session runs on: opens the session there and holds tensors in its memory, so that from step to step only batches go in and losses
/// and logits come back.
/// </summary>
internal sealed class TrainingDevice
{
    private readonly OrtEpDevice? _cuda;
    private readonly Lazy<DeviceMemory>? _memory;

    private TrainingDevice(OrtEpDevice? cuda, string why)
    {
        _cuda = cuda;
        Description = $"steps run on {(cuda is null ? "the CPU" : "CUDA")}{why}";
        _memory = cuda is null ? null : new Lazy<DeviceMemory>(() => DeviceMemory.Of(cuda));
    }

    /// <summary>The processor itself.</summary>
    public static TrainingDevice Cpu { get; } = new(null, ", as configured");

    /// <summary>"CPU" or "CUDA".</summary>
    public string Name => _cuda is null ? "CPU" : "CUDA";

    /// <summary>A line that says what was taken and why.</summary>
    public string Description { get; }

    /// <summary>Whether it has ONNX Runtime's operators for images in blocks of channels: the CPU provider has, tried on x64.</summary>
    public bool HasBlockedKernels => _cuda is null && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The device that was asked for; <see cref="InferenceDevice.Auto"/> takes CUDA where its provider and a GPU are found.</summary>
    /// <exception cref="TrainingException">CUDA was asked for and can't be had.</exception>
    public static TrainingDevice Find(InferenceDevice asked)
    {
        if (asked == InferenceDevice.Cpu)
        {
            return Cpu;
        }

        var (cuda, why) = CudaProvider.Find(path: null);
        return (cuda, asked) switch
        {
            (null, InferenceDevice.Cuda) => throw new TrainingException($"device cuda was asked for, but {why}; {CudaProvider.Remedy}"),
            (null, _) => new TrainingDevice(null, $" because {why}"),
            (_, InferenceDevice.Cuda) => new TrainingDevice(cuda, ", as configured"),
            _ => new TrainingDevice(cuda, " because its provider loads"),
        };
    }

    /// <summary>A session on this device.</summary>
    /// <exception cref="TrainingException">The device can't run the model.</exception>
    public InferenceSession Open(byte[] model, SessionOptions options)
    {
        if (_cuda is null)
        {
            return new InferenceSession(model, options);
        }

        try
        {
            options.AppendExecutionProvider(OrtEnv.Instance(), [_cuda], new Dictionary<string, string>());
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TrainingException($"the CUDA provider was loaded but can't run the training step ({error.Message}); ask for device cpu", error);
        }
    }

    /// <summary>A tensor in the device's memory that holds <paramref name="values"/>.</summary>
    public OrtValue Allocate(ReadOnlySpan<float> values)
    {
        var tensor = OrtValue.CreateAllocatedTensorValue(_memory?.Value.OnDevice ?? OrtAllocator.DefaultInstance, TensorElementType.Float, [values.Length]);
        Write(values, tensor);
        return tensor;
    }

    /// <summary>Replaces all values of a tensor of <see cref="Allocate"/>.</summary>
    public void Write(ReadOnlySpan<float> values, OrtValue tensor)
    {
        if (_memory is null)
        {
            values.CopyTo(tensor.GetTensorMutableDataAsSpan<float>());
            return;
        }

        using var host = OrtValue.CreateTensorValueFromMemory(values.ToArray(), [values.Length]);
        _memory.Value.Copy(host, tensor);
    }

    /// <summary>The values of a tensor of <see cref="Allocate"/>.</summary>
    public float[] Read(OrtValue tensor)
    {
        if (_memory is null)
        {
            return tensor.GetTensorDataAsSpan<float>().ToArray();
        }

        var values = new float[tensor.GetTensorTypeAndShape().ElementCount];
        using var host = OrtValue.CreateTensorValueFromMemory(values, [values.Length]);
        _memory.Value.Copy(tensor, host);
        return values;
    }
}

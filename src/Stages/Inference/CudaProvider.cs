using Microsoft.ML.OnnxRuntime;

namespace StreamGenre.Stages.Inference;

/// <summary>ONNX Runtime's CUDA provider, a plug-in library that a build with -p:Gpu=true lays beside the program.</summary>
public static class CudaProvider
{
    /// <summary>What lets CUDA be had, worded to follow "but there is none;".</summary>
    public const string Remedy =
        "build with -p:Gpu=true on Linux x64 and install an NVIDIA driver with CUDA 13 and cuDNN 9, or ask for device auto or cpu";

    private const string LibraryName = "libonnxruntime_providers_cuda.so";

    // ONNX Runtime keeps one registry a process; a library may be registered once.
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string?> Failures = new(StringComparer.Ordinal);

    // By rule, not by trying every algorithm (the default), which would hold up the first batch of each shape. The name is that of ONNX Runtime's
    // documentation, to which AppendExecutionProvider adds the provider's prefix. Take care with others: at a name or value that it does not know
    // the provider ends the process (1.29); this one it took.
    private static readonly Dictionary<string, string> InferenceOptions = new(StringComparer.Ordinal) { ["cudnn_conv_algo_search"] = "HEURISTIC" };

    /// <summary>The first CUDA device, or the reason why there is none, worded to follow "because".</summary>
    public static (OrtEpDevice? Device, string Why) Find(string? path)
    {
        path = Path.GetFullPath(path ?? Path.Combine(AppContext.BaseDirectory, LibraryName));
        if (!File.Exists(path))
        {
            return (null, $"the CUDA provider is not there ({path})");
        }

        lock (Gate)
        {
            if (!Failures.TryGetValue(path, out var failure))
            {
                failure = Register(path);
                Failures[path] = failure;
            }

            if (failure is not null)
            {
                return (null, failure);
            }
        }

        var device = OrtEnv.Instance().GetEpDevices().FirstOrDefault(
            d => d.EpName.Contains("CUDA", StringComparison.OrdinalIgnoreCase) && d.HardwareDevice.Type == OrtHardwareDeviceType.GPU);
        return device is null ? (null, "the CUDA provider finds no NVIDIA GPU") : (device, "");
    }

    /// <summary>The same as something that a model can be opened on.</summary>
    internal static (Accelerator? Accelerator, string Why) FindAccelerator(string? path)
    {
        var (device, why) = Find(path);
        return device is null
            ? (null, why)
            : (new Accelerator
            {
                Name = "CUDA",
                Description = $"NVIDIA device {device.HardwareDevice.DeviceId:x4}",
                AppendTo = session => session.AppendExecutionProvider(OrtEnv.Instance(), [device], InferenceOptions),
                Memory = () => DeviceMemory.Of(device),
            }, "");
    }

    private static string? Register(string path)
    {
        try
        {
            OrtEnv.Instance().RegisterExecutionProviderLibrary($"StreamGenre.CUDA:{path}", path);
            return null;
        }
        catch (OnnxRuntimeException error)
        {
            return $"the CUDA provider {path} can't be loaded ({error.Message})";
        }
    }
}

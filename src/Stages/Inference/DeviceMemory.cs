using Microsoft.ML.OnnxRuntime;

namespace StreamGenre.Stages.Inference;

/// <summary>A device's memory, and this machine's page-locked memory beside it, which the device reads and writes by itself at full speed.</summary>
public sealed class DeviceMemory
{
    private readonly Action<OrtValue, OrtValue> _copy;

    private DeviceMemory(OrtAllocator onDevice, OrtAllocator pageLocked, Action<OrtValue, OrtValue> copy)
    {
        _copy = copy;
        OnDevice = onDevice;
        PageLocked = pageLocked;
    }

    /// <summary>Gives memory of the device, which only the device reads and writes. Owned by ONNX Runtime's environment.</summary>
    public OrtAllocator OnDevice { get; }

    /// <summary>Gives page-locked memory of this machine. Owned by ONNX Runtime's environment.</summary>
    public OrtAllocator PageLocked { get; }

    /// <summary>The memory of a device.</summary>
    /// <exception cref="OnnxRuntimeException">Its provider gives none.</exception>
    public static DeviceMemory Of(OrtEpDevice device) => new(
        Shared(device, OrtDeviceMemoryType.DEFAULT),
        Shared(device, OrtDeviceMemoryType.HOST_ACCESSIBLE),
        (from, to) => OrtEnv.Instance().CopyTensors([from], [to], stream: null));

    /// <summary>The CPU as if it were a device: ordinary memory in both places. What a GPU's batches go through can so be run and tested anywhere.</summary>
    /// <param name="beforeCopy">Called before every copy.</param>
    internal static DeviceMemory Ordinary(Action? beforeCopy = null) => new(
        OrtAllocator.DefaultInstance,
        OrtAllocator.DefaultInstance,
        (from, to) =>
        {
            beforeCopy?.Invoke();
            from.GetTensorDataAsSpan<float>().CopyTo(to.GetTensorMutableDataAsSpan<float>());
        });

    /// <summary>
    /// Copies a tensor of 32-bit floats to the device or from it, into one of the same size; returns when it is there. On CUDA other threads' runs go on
    /// meanwhile: ONNX Runtime gives each run a stream that does not wait for the one copies go through.
    /// </summary>
    public void Copy(OrtValue from, OrtValue to) => _copy(from, to);

    private static OrtAllocator Shared(OrtEpDevice device, OrtDeviceMemoryType type)
    {
        var environment = OrtEnv.Instance();
        return environment.GetSharedAllocator(device.GetMemoryInfo(type))
            ?? environment.CreateSharedAllocator(device, type, OrtAllocatorType.DeviceAllocator, new Dictionary<string, string>());
    }
}

using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>Opens a model on the device that the options ask for.</summary>
internal static class OnnxSession
{
    private const string Cpu = "CPU";
    private const string Cuda = "CUDA";

    /// <summary>The session, what runs it, and one sentence on why.</summary>
    public static (InferenceSession Session, string ExecutionProvider, string Choice) Open(OnnxClassifierOptions options)
    {
        if (options.Device == InferenceDevice.Cpu)
        {
            return (OpenOn(options, null), Cpu, "The model runs on the CPU, as configured.");
        }

        var (device, why) = CudaProvider.Find(options.CudaProviderPath);
        if (device is not null)
        {
            try
            {
                return (OpenOn(options, device), Cuda, $"The model runs on CUDA ({device.HardwareDevice.Vendor} device {device.HardwareDevice.DeviceId}).");
            }
            catch (OnnxRuntimeException error)
            {
                why = $"the CUDA provider was loaded but can't run the model ({error.Message})";
            }
        }

        return options.Device == InferenceDevice.Auto
            ? (OpenOn(options, null), Cpu, $"The model runs on the CPU because {why}.")
            : throw new DeviceUnavailableException(
                $"Device cuda was asked for, but {why}; {CudaProvider.Remedy}.");
    }

    private static InferenceSession OpenOn(OnnxClassifierOptions options, OrtEpDevice? device)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // A second thread that spins between operators eats the core that another lane could use.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (device is not null)
        {
            session.AppendExecutionProvider(OrtEnv.Instance(), [device], new Dictionary<string, string>());
            return new InferenceSession(options.ModelPath, session);
        }

        try
        {
            return new InferenceSession(options.ModelPath, session);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelContractException($"'{options.ModelPath}' is not a model that ONNX Runtime can load: {error.Message}", error);
        }
    }
}

using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>Opens a model.</summary>
internal static class OnnxSession
{
    /// <summary>A session on the CPU.</summary>
    /// <exception cref="ModelContractException">The file is no model.</exception>
    public static InferenceSession OpenOnCpu(OnnxClassifierOptions options)
    {
        try
        {
            return Open(options, _ => { });
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelContractException($"'{options.ModelPath}' is not a model that ONNX Runtime can load: {error.Message}", error);
        }
    }

    /// <summary>A session on a device.</summary>
    /// <exception cref="OnnxRuntimeException">The device can't run the model.</exception>
    public static InferenceSession OpenOn(Accelerator accelerator, OnnxClassifierOptions options) => Open(options, accelerator.AppendTo);

    private static InferenceSession Open(OnnxClassifierOptions options, Action<SessionOptions> choose)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // A second thread that spins between operators eats the core that another lane could use.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        choose(session);
        return new InferenceSession(options.ModelPath, session);
    }
}

using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>A GPU whose memory is the CPU's, and a model that it is to run.</summary>
internal sealed class StandInDevice : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamgenre-");

    public static ModelContract Contract(int patchFrames = 20) => patchFrames == 20
        ? OnnxGenreClassifierTests.Tiny()
        : OnnxGenreClassifierTests.Tiny() with { PatchFrames = patchFrames, PatchHopFrames = 5 };

    public static Accelerator Accelerator() => new()
    {
        Name = "CUDA",
        Description = "a stand-in",
        AppendTo = _ => { },
        Memory = () => DeviceMemory.Ordinary(),
    };

    public static OnnxGenreClassifier Load(string path, Accelerator? device = null, InferenceDevice asked = InferenceDevice.Cuda) =>
        OnnxGenreClassifier.Load(new() { ModelPath = path, Device = asked }, _ => (device ?? Accelerator(), ""));

    /// <summary>An error as a provider's would be; ONNX Runtime makes its own alone.</summary>
    public static OnnxRuntimeException NoDevice()
    {
        using var options = new SessionOptions();
        return Assert.Throws<OnnxRuntimeException>(() => options.AppendExecutionProvider("NoSuchProvider"));
    }

    public string Write(TinyOnnxModel model, ModelContract contract)
    {
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Bytes());
        File.WriteAllText(Path.Combine(_folder.FullName, "model.contract.json"), contract.ToJson());
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

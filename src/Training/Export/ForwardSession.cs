using Google.Protobuf;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>Runs a network's inference form, as between epochs for validation.</summary>
internal sealed class ForwardSession(
    Func<GraphBuilder, Value, Value> forward, TensorShape itemShape, IReadOnlyDictionary<string, ParameterTensor> parameters, int threads = 0) : IDisposable
{
    private const string InputName = "x";
    private const string OutputName = "y";

    private readonly BatchSession _session = new(Exporter.Build(forward, itemShape, parameters, InputName, OutputName).Model.ToByteArray(), threads);

    /// <summary>The network's output for a batch of any size, row-major.</summary>
    /// <param name="x">[batch, …item shape].</param>
    public float[] Run(ReadOnlyMemory<float> x) => _session.Run(InputName, itemShape, x, OutputName);

    public void Dispose() => _session.Dispose();
}

using System.Globalization;
using System.Text.Json;
using Onnx;
using StreamGenre.Benchmarks.Peers;
using StreamGenre.Training;
using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;
using AttributeType = Onnx.AttributeProto.Types.AttributeType;

namespace StreamGenre.Benchmarks.Serving;

/// <summary>A model's graph in PyTorch: pytorch_network.py, which runs the same operators on the same weights.</summary>
internal sealed class PyTorchNetwork : IDisposable
{
    private readonly PyTorchProcess _process;

    private PyTorchNetwork(PyTorchProcess process) => _process = process;

    /// <summary>PyTorch's version, and what it runs on.</summary>
    public string Description => $"PyTorch {_process.Version} on {_process.Hello.GetProperty("device").GetString()}";

    /// <summary>What it makes of the sample, <c>[windows, labels]</c> one after the other.</summary>
    public float[] Output => [.. _process.Hello.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];

    /// <summary>Starts it.</summary>
    /// <param name="python">The Python that has PyTorch.</param>
    /// <param name="model">The ONNX file.</param>
    /// <param name="device">"cpu" or "cuda".</param>
    /// <param name="threads">Threads on the CPU.</param>
    /// <param name="shape">Shape of the sample.</param>
    /// <param name="sample">Input that both sides are checked with.</param>
    /// <exception cref="TrainingException">PyTorch, the device or an operator is missing there.</exception>
    public static async Task<PyTorchNetwork> StartAsync(string python, string model, string device, int threads, int[] shape, float[] sample)
    {
        var folder = Directory.CreateTempSubdirectory("streamgenre-torch-").FullName;
        try
        {
            var (graph, weights) = (Path.Combine(folder, "graph.json"), Path.Combine(folder, "weights.npz"));
            var network = ModelProto.Parser.ParseFrom(await File.ReadAllBytesAsync(model)).Graph;
            await File.WriteAllTextAsync(graph, JsonSerializer.Serialize(new
            {
                input = network.Input[0].Name,
                output = network.Output[0].Name,
                nodes = network.Node.Select(node => new
                {
                    op = node.OpType,
                    inputs = node.Input,
                    outputs = node.Output,
                    attributes = node.Attribute.ToDictionary(attribute => attribute.Name, Value),
                }),
            }));
            NpzFile.Write(weights, network.Initializer.Select(tensor => (tensor.Name, tensor.Dims.Select(size => (int)size).ToArray(), Floats(tensor))).Append(("x", shape, sample)));
            return new PyTorchNetwork(await PyTorchProcess.StartAsync(
                python, Path.Combine("Serving", "pytorch_network.py"), graph, weights, device, threads.ToString(CultureInfo.InvariantCulture)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The rates at a batch, each measured for half the time.</summary>
    public async Task<PyTorchRates> RatesAsync(int batch, double seconds)
    {
        var answer = await _process.AskAsync(FormattableString.Invariant($"{batch} {seconds}"));
        PyTorchRate Rate(string kind) => new(answer.GetProperty(kind)[0].GetDouble(), answer.GetProperty(kind)[1].GetDouble());
        return new PyTorchRates(Rate("eager"), Rate("frozen"));
    }

    public void Dispose() => _process.Dispose();

    private static float[] Floats(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float
        ? OnnxTensor.Floats(tensor)
        : throw new TrainingException($"weight {tensor.Name} holds {(TensorProto.Types.DataType)tensor.DataType}; the comparison with PyTorch takes 32-bit floats");

    private static object Value(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Int => attribute.I,
        AttributeType.Ints => attribute.Ints,
        AttributeType.Float => attribute.F,
        AttributeType.Floats => attribute.Floats,
        AttributeType.String => attribute.S.ToStringUtf8(),
        _ => throw new TrainingException($"attribute {attribute.Name} is a {attribute.Type}; the comparison with PyTorch takes numbers and names"),
    };
}

using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Onnx;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Backbones;

/// <summary>One writing of a backbone into a graph: what each name of the file stands for there.</summary>
internal sealed class BackboneImport
{
    private readonly OnnxBackbone _backbone;
    private readonly Dictionary<string, TensorProto> _initializers;

    // Floats that are no weights (Constant nodes), whole numbers (shapes, axes) and everything that depends on the input.
    private readonly Dictionary<string, TensorProto> _constants = [];
    private readonly Dictionary<string, long[]> _integers = [];
    private readonly Dictionary<string, Value> _values = [];

    public BackboneImport(OnnxBackbone backbone, GraphBuilder graph, RepeatedField<TensorProto> initializers, Value x)
    {
        _backbone = backbone;
        Graph = graph;
        _initializers = initializers.ToDictionary(tensor => tensor.Name);
        _values.Add(backbone.InputName, x);
        foreach (var tensor in initializers)
        {
            if (IntegersOf(tensor) is { } integers)
            {
                _integers.Add(tensor.Name, integers);
            }
        }
    }

    public GraphBuilder Graph { get; }

    public long Opset => _backbone.Opset;

    /// <summary>The batch that shapes in the file are written for; symbolic where the file leaves it open.</summary>
    public long FileBatch => _backbone.InputShape.Rank == 0 ? TensorShape.Symbolic : _backbone.InputShape[0];

    /// <summary>Writes one node; its weights become trainable parameters or frozen ones.</summary>
    public void Add(NodeProto proto, bool trainable)
    {
        var node = new BackboneNode(this, proto, trainable);
        if (proto.Domain is not ("" or "ai.onnx"))
        {
            throw Unsupported(proto, $"the operator '{proto.Domain}.{proto.OpType}' is no standard one");
        }

        if (proto.OpType == "Constant")
        {
            var tensor = proto.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T
                ?? throw Unsupported(proto, "a Constant without a tensor 'value' can't be imported");
            if (IntegersOf(tensor) is { } integers)
            {
                _integers.Add(proto.Output[0], integers);
            }
            else
            {
                _constants.Add(proto.Output[0], tensor);
            }

            return;
        }

        try
        {
            if (BackboneShapes.Fold(node) is { } folded)
            {
                _integers.Add(proto.Output[0], folded);
            }
            else if (BackboneOperators.Find(proto.OpType) is { } write)
            {
                _values.Add(proto.Output[0], write(node));
            }
            else
            {
                throw Unsupported(proto, $"the operator '{proto.OpType}' can't be imported; it can: {string.Join(", ", BackboneOperators.Names)}");
            }
        }
        catch (ArgumentException e)
        {
            throw new TrainingException($"{_backbone.Path}, node '{NameOf(proto)}' ({proto.OpType}): {e.Message}", e);
        }
    }

    public bool IsKnown(string name) => _integers.ContainsKey(name);

    public long[] IntegersOf(string name) => _integers.TryGetValue(name, out var integers)
        ? integers
        : throw new TrainingException($"{_backbone.Path}: '{name}' must be known whole numbers when the graph is written, and depends on the input");

    /// <summary>A number that is part of the file: an initialiser's or a Constant's only value.</summary>
    public double NumberOf(string name)
    {
        var tensor = _constants.GetValueOrDefault(name) ?? _initializers.GetValueOrDefault(name)
            ?? throw new TrainingException($"{_backbone.Path}: '{name}' must be a constant of the file");
        return FloatsOf(tensor)[0];
    }

    /// <summary>A tensor of the graph: written before, a constant, or a weight, which becomes a parameter when first used.</summary>
    public Value ValueOf(string name, bool trainable = false)
    {
        if (_values.TryGetValue(name, out var value))
        {
            return value;
        }

        if (_constants.TryGetValue(name, out var constant))
        {
            value = Fixed(constant);
        }
        else if (_initializers.TryGetValue(name, out var tensor))
        {
            // Single numbers are part of the architecture (an epsilon, a slope), not weights.
            var shape = new TensorShape([.. tensor.Dims]);
            value = shape.Rank == 0 ? Fixed(tensor) : Graph.Pretrained(OnnxBackbone.Prefix + name, shape, FloatsOf(tensor), trainable);
        }
        else
        {
            throw new TrainingException($"{_backbone.Path}: nothing makes '{name}' as a tensor of floats; the model takes '{_backbone.InputName}' alone here");
        }

        _values.Add(name, value);
        return value;
    }

    public TrainingException Unsupported(NodeProto node, string why) => new($"{_backbone.Path}, node '{NameOf(node)}': {why}");

    private static string NameOf(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];

    private Value Fixed(TensorProto tensor)
    {
        var values = FloatsOf(tensor);
        return tensor.Dims.Count == 0 ? Graph.Scalar(values[0]) : Graph.Constant(new TensorShape([.. tensor.Dims]), values);
    }

    private float[] FloatsOf(TensorProto tensor)
    {
        if (tensor.DataLocation != 0)
        {
            throw new TrainingException($"{_backbone.Path}: the values of '{tensor.Name}' lie in another file; save the model as one file");
        }

        if ((DataType)tensor.DataType != DataType.Float)
        {
            throw new TrainingException(
                $"{_backbone.Path}: '{tensor.Name}' is of the type {(DataType)tensor.DataType}; only float (32 bits) can be imported, convert the model");
        }

        return OnnxTensor.Floats(tensor);
    }

    /// <summary>Null for tensors of reals.</summary>
    private static long[]? IntegersOf(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Int64 when tensor.HasRawData => MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray(),
        DataType.Int64 => [.. tensor.Int64Data],
        DataType.Int32 when tensor.HasRawData => [.. MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray().Select(value => (long)value)],
        DataType.Int32 => [.. tensor.Int32Data.Select(value => (long)value)],
        _ => null,
    };
}

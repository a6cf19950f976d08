using Google.Protobuf;
using Onnx;
using StreamGenre.Stages.Contract;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Backbones;

/// <summary>
/// A network trained elsewhere, read from an ONNX file, as the front part of a network trained here. Its nodes become nodes of the new graph, so its
/// gradients come as everybody's; its float initialisers become parameters called <c>backbone.</c> and their ONNX name. Layers are frozen, or
/// trainable from a named one on. Normalisation keeps the statistics it was trained with, frozen or not, as small batches would ruin them; its
/// scale and shift are weights like others.
/// </summary>
internal sealed class OnnxBackbone
{
    /// <summary>What stands before the ONNX names of the parameters, so that they never meet the names of other layers.</summary>
    public const string Prefix = "backbone.";

    private const int NamesShown = 40;

    private readonly GraphProto _graph;
    private readonly HashSet<string> _initializers;

    private OnnxBackbone(string path, ModelProto model)
    {
        Path = path;
        Opset = model.OpsetImport.FirstOrDefault(set => set.Domain.Length == 0)?.Version ?? 1;
        _graph = model.Graph;
        _initializers = [.. _graph.Initializer.Select(tensor => tensor.Name)];
        var input = _graph.Input.FirstOrDefault(value => !_initializers.Contains(value.Name))
            ?? throw new TrainingException($"{path} has no input; a backbone takes one");
        InputName = input.Name;
        InputShape = new TensorShape([.. (input.Type?.TensorType?.Shape?.Dim ?? []).Select(dim =>
            dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dim.DimValue > 0 ? dim.DimValue : TensorShape.Symbolic)]);
        var dense = _graph.Node.LastOrDefault(node => node.OpType is "Gemm" or "MatMul" && node.Input.Count > 1 && _initializers.Contains(node.Input[1]));
        Features = _graph.Output.Any(output => output.Name == FeatureTeacher.FeaturesName) ? FeatureTeacher.FeaturesName
            : dense is not null && dense.Input[0] != InputName ? dense.Input[0]
            : _graph.Output[0].Name;
        Scores = dense is not null && dense.Input[0] == Features ? dense.Output[0] : null;
        Normalization = FeatureTeacher.NormalizationOf(model.MetadataProps.FirstOrDefault(entry => entry.Key == FeatureTeacher.NormalizationKey)?.Value);
    }

    public string Path { get; }

    /// <summary>The version of the standard operators the file is written in.</summary>
    public long Opset { get; }

    public string InputName { get; }

    /// <summary>What the network takes, open sizes symbolic; empty where the file doesn't say.</summary>
    public TensorShape InputShape { get; }

    /// <summary>
    /// What other networks learn from: the output of that name; where there is none, the tensor that the last dense layer reads; where there is none, the first output.
    /// </summary>
    public string Features { get; }

    /// <summary>What the dense layer on <see cref="Features"/> gives, before any sigmoid; null where there is no such layer.</summary>
    public string? Scores { get; }

    /// <summary>How the windows that it takes are normalised, where the file says so: <c>adapt</c> makes such files, for windows of the default front end.</summary>
    public WindowNormalization? Normalization { get; }

    /// <summary>Layers that have weights, first to last: the node's name, or its output's where it has none.</summary>
    public IReadOnlyList<string> Layers => [.. _graph.Node
        .Where(node => node.Input.Any(_initializers.Contains))
        .Select(node => node.Name.Length > 0 ? node.Name : node.Output[0])];

    /// <summary>Tensors behind the rectifiers, first to last.</summary>
    public IReadOnlyList<string> Activations => [.. _graph.Node.Where(node => node.OpType is "Relu" or "Clip" or "HardSwish").Select(node => node.Output[0])];

    /// <summary>Reads a file; weights must lie inside it.</summary>
    /// <exception cref="TrainingException">The file can't be read or is no ONNX model.</exception>
    public static OnnxBackbone Load(string path)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            return model.Graph is { Node.Count: > 0 }
                ? new OnnxBackbone(path, model)
                : throw new TrainingException($"{path} is no ONNX model, or one without nodes; give --init an .onnx file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"the backbone {path} can't be read: {e.Message}", e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TrainingException($"{path} is no ONNX model; give --init an .onnx file", e);
        }
    }

    /// <summary>Writes the backbone's nodes into a graph.</summary>
    /// <param name="graph">Built for training or inference.</param>
    /// <param name="x">What the network is fed, of the shape <see cref="InputShape"/>, its first axis the batch.</param>
    /// <param name="upTo">The last tensor or node to take, by its ONNX name; by default <see cref="Features"/>.</param>
    /// <param name="unfreezeFrom">
    /// The first layer that training moves: the name of a node, of its output, of one of its weights, or a module that weights are named after
    /// ("features.14" for "features.14.conv.0.weight"). All layers after it in the file are trained too. Null: all are frozen.
    /// </param>
    /// <returns>The tensor <paramref name="upTo"/>.</returns>
    /// <exception cref="TrainingException">A name isn't in the file, the input's shape doesn't fit, or an operator can't be imported; the message names it.</exception>
    public Value Apply(GraphBuilder graph, Value x, string? upTo = null, string? unfreezeFrom = null) => Apply(graph, x, [upTo ?? Features], unfreezeFrom)[0];

    /// <summary>Writes the nodes that several tensors need and gives these, in order.</summary>
    public IReadOnlyList<Value> Apply(GraphBuilder graph, Value x, IReadOnlyList<string> upTo, string? unfreezeFrom = null)
    {
        CheckInput(x);
        var targets = upTo.Select(name => TensorOf(name)).ToList();
        var trainableFrom = unfreezeFrom is null ? int.MaxValue : LayerOf(unfreezeFrom);
        var needed = targets.SelectMany(target => Ancestors(target)).ToHashSet();
        if (unfreezeFrom is not null && !_graph.Node.Where((node, i) => i >= trainableFrom && needed.Contains(node) && node.Input.Any(_initializers.Contains)).Any())
        {
            throw new TrainingException($"no layer of {Path} from '{unfreezeFrom}' to '{upTo[^1]}' has weights; unfreeze from an earlier one: {Shown(Layers)}");
        }

        var import = new BackboneImport(this, graph, _graph.Initializer, x);
        for (var i = 0; i < _graph.Node.Count; i++)
        {
            if (needed.Contains(_graph.Node[i]))
            {
                import.Add(_graph.Node[i], trainable: i >= trainableFrom);
            }
        }

        return targets.Select(target => import.ValueOf(target)).ToList();
    }

    private void CheckInput(Value x)
    {
        var fits = InputShape.Rank == 0 || x.Rank == InputShape.Rank;
        for (var axis = 1; fits && axis < InputShape.Rank; axis++)
        {
            fits = InputShape[axis] == TensorShape.Symbolic || InputShape[axis] == x.Shape[axis];
        }

        if (!fits)
        {
            throw new TrainingException(
                $"the backbone {Path} takes '{InputName}' {InputShape.With(0, TensorShape.Symbolic)} and is fed {x.Shape}; give the network a front end or a resize of that size");
        }
    }

    private string TensorOf(string name)
    {
        var node = _graph.Node.FirstOrDefault(node => node.Output.Contains(name)) ?? _graph.Node.FirstOrDefault(node => node.Name == name);
        return node is null
            ? throw new TrainingException($"{Path} has no layer or tensor '{name}'; layers with weights are {Shown(Layers)}")
            : node.Output.Contains(name) ? name : node.Output[0];
    }

    private int LayerOf(string name)
    {
        Func<NodeProto, bool>[] rules =
        [
            node => node.Name == name || node.Output.Contains(name) || (_initializers.Contains(name) && node.Input.Contains(name)),
            node => node.Input.Any(input => input.StartsWith($"{name}.", StringComparison.Ordinal) && _initializers.Contains(input)),
        ];
        foreach (var rule in rules)
        {
            for (var i = 0; i < _graph.Node.Count; i++)
            {
                if (rule(_graph.Node[i]))
                {
                    return i;
                }
            }
        }

        throw new TrainingException($"{Path} has no layer '{name}' to unfreeze from; there are {Shown(Layers)}");
    }

    private HashSet<NodeProto> Ancestors(string target)
    {
        var (names, nodes) = (new HashSet<string> { target }, new HashSet<NodeProto>(ReferenceEqualityComparer.Instance));
        foreach (var node in _graph.Node.Reverse())
        {
            if (node.Output.Any(names.Contains))
            {
                nodes.Add(node);
                names.UnionWith(node.Input);
            }
        }

        return nodes;
    }

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "");
}

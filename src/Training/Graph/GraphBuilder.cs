using System.Diagnostics.CodeAnalysis;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <summary>
/// Writes an ONNX graph (standard domain, opset 17; see <paramref name="blockedKernels"/>) node by node with shapes tracked, and in <see cref="GraphMode.Training"/> records what
/// <see cref="Gradients.Backward"/> needs. One method per operator; each returns the operator's output.
/// </summary>
/// <remarks>Images are [batch, channels, height, width]. Convolution and pooling are two-dimensional.</remarks>
/// <param name="mode">What the graph is for.</param>
/// <param name="seed">Seed of the parameters' initial values.</param>
/// <param name="values">Values for parameters by name; where given, every parameter but pretrained ones must be among them.</param>
/// <param name="real">The type of real numbers: float, or double where gradients are checked.</param>
/// <param name="blockedKernels">
/// Whether what runs a training graph has ONNX Runtime's own operators for images in blocks of channels, which depthwise convolutions are then written with.
/// </param>
internal sealed partial class GraphBuilder(
    GraphMode mode,
    int seed = 0,
    IReadOnlyDictionary<string, ParameterTensor>? values = null,
    DataType real = DataType.Float,
    bool blockedKernels = false)
{
    /// <summary>The operator set: the newest in which reductions still take their axes as attributes and pads are plain.</summary>
    public const int OpsetVersion = 17;

    private const int IrVersion = 8;

    private readonly List<NodeProto> _nodes = [];
    private readonly List<NodeProto> _prologue = [];
    private readonly List<Operation> _operations = [];
    private readonly List<Value> _inputs = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<Parameter> _frozenParameters = [];
    private readonly Dictionary<string, (Value Value, TensorProto Tensor)> _constants = [];
    private readonly HashSet<string> _names = [];
    private readonly List<(Value Mask, float Rate)> _dropoutMasks = [];
    private int _nextId;
    private bool _recording = true;

    public GraphMode Mode => mode;

    public DataType Real => real;

    public IReadOnlyList<Operation> Operations => _operations;

    public IReadOnlyList<Value> Inputs => _inputs;

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Weights of a model trained before that stay as they are: constants of the graph, no part of its state.</summary>
    public IReadOnlyList<Parameter> FrozenParameters => _frozenParameters;

    /// <summary>Inputs that hold dropout masks, with their rates, to be filled for each step.</summary>
    public IReadOnlyList<(Value Mask, float Rate)> DropoutMasks => _dropoutMasks;

    /// <summary>What the network's last layer reads, where it says so by <see cref="MarkFeatures"/>: what a teacher of features is held against.</summary>
    public Value? Features { get; private set; }

    /// <summary>Says what the network's last layer reads, [batch, features].</summary>
    public Value MarkFeatures(Value features) => Features = features;

    public Value Input(string name, TensorShape shape, DataType? type = null)
    {
        var input = new Value(Claim(name), shape, type ?? real);
        _inputs.Add(input);
        return input;
    }

    /// <summary>A weight that training moves. Its start is drawn by <paramref name="initialize"/>, seeded by the graph's seed and the name.</summary>
    public Value Parameter(string name, TensorShape shape, Initializer initialize, bool? decays = null) =>
        AddParameter(name, shape, initialize, trainable: true, decays ?? shape.Rank >= 2);

    /// <summary>A value kept from step to step that no gradient moves.</summary>
    public Value Buffer(string name, TensorShape shape, Initializer initialize) =>
        AddParameter(name, shape, initialize, trainable: false, decays: false);

    /// <summary>
    /// A weight of a model trained before. Where the graph's values hold its name it takes theirs, else <paramref name="trained"/>, so that a run may go on
    /// from another that froze it, and the other way round.
    /// </summary>
    /// <param name="name">Name of its own.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="trained">Its values in that model.</param>
    /// <param name="trainable">True: training moves it; false: it is frozen, a constant that gets no gradient and takes no room in the optimiser.</param>
    public Value Pretrained(string name, TensorShape shape, float[] trained, bool trainable)
    {
        if (trained.Length != shape.Count)
        {
            throw new ArgumentException($"{trained.Length} values for '{name}' {shape}, which holds {shape.Count}.", nameof(trained));
        }

        return AddParameter(
            trainable ? _parameters : _frozenParameters, name, shape, StartOf(name, shape, trained), trainable, decays: trainable && shape.Rank >= 2);
    }

    /// <summary>Says what a step replaces a buffer with.</summary>
    public void UpdateBuffer(Value buffer, Value next)
    {
        if (!buffer.Shape.Equals(next.Shape))
        {
            throw new ArgumentException($"The buffer {buffer} can't be replaced by {next}: the shapes differ.", nameof(next));
        }

        _parameters.Single(parameter => parameter.Value == buffer && !parameter.Trainable).Next = next;
    }

    /// <summary>A scalar of the graph's real type.</summary>
    public Value Scalar(double value) => Constant(
        FormattableString.Invariant($"scalar:{value:R}"),
        TensorShape.Scalar,
        real,
        name => real == DataType.Float
            ? OnnxTensor.Of<float>(name, TensorShape.Scalar, real, [(float)value])
            : OnnxTensor.Of<double>(name, TensorShape.Scalar, real, [value]));

    /// <summary>A vector of whole numbers, as shapes, axes and pads are given.</summary>
    public Value Ints(params long[] values)
    {
        var shape = new TensorShape(values.Length);
        return Constant($"ints:{string.Join(',', values)}", shape, DataType.Int64, name => OnnxTensor.Of<long>(name, shape, DataType.Int64, values));
    }

    /// <summary>A constant tensor of the graph's real type.</summary>
    public Value Constant(TensorShape shape, ReadOnlySpan<float> values)
    {
        if (values.Length != shape.Count)
        {
            throw new ArgumentException($"{values.Length} values for the shape {shape}, which holds {shape.Count}.", nameof(values));
        }

        var name = NewName("constant");
        var value = new Value(name, shape, real);
        _constants.Add(name, (value, OnnxTensor.OfReal(name, shape, real, values)));
        return value;
    }

    /// <summary>Adds one node of any operator with any outputs; the general form behind the methods named after operators.</summary>
    public Value[] Node(string type, IReadOnlyList<Value?> inputs, IReadOnlyList<(TensorShape Shape, DataType Type)> outputs, params AttributeProto[] attributes)
    {
        var results = outputs.Select(output => new Value(NewName(type), output.Shape, output.Type)).ToArray();
        _nodes.Add(NewNode(type, inputs, results, attributes));
        Record(type, inputs, results, attributes, saved: []);
        return results;
    }

    /// <summary>Adds one node with a single output of its first input's type.</summary>
    public Value Node(string type, IReadOnlyList<Value?> inputs, TensorShape shape, params AttributeProto[] attributes) =>
        Node(type, inputs, [(shape, inputs.First(input => input is not null)!.Type)], attributes)[0];

    /// <summary>Stops recording until disposed: for gradients and for operations made of several nodes.</summary>
    public IDisposable Unrecorded() => new RecordingPause(this);

    /// <summary>Records an operation that stands for several nodes.</summary>
    internal void Record(
        string type, IReadOnlyList<Value?> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<AttributeProto> attributes, IReadOnlyList<Value> saved)
    {
        if (_recording)
        {
            _operations.Add(new Operation(type, inputs, outputs, attributes, saved));
        }
    }

    /// <summary>Adds a node in front of all others that makes values already named, such as parameters cut from one vector.</summary>
    internal void Prologue(string type, IReadOnlyList<Value?> inputs, IReadOnlyList<Value> outputs, params AttributeProto[] attributes) =>
        _prologue.Add(NewNode(type, inputs, outputs, attributes));

    internal string NewName(string stem)
    {
        string name;
        do
        {
            name = $"{stem}_{_nextId++}";
        }
        while (!_names.Add(name));

        return name;
    }

    private static NodeProto NewNode(string type, IReadOnlyList<Value?> inputs, IReadOnlyList<Value> outputs, AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = outputs[0].Name };
        node.Input.AddRange(inputs.Select(input => input?.Name ?? ""));
        node.Output.AddRange(outputs.Select(output => output.Name));
        node.Attribute.AddRange(attributes);
        return node;
    }

    /// <summary>A scalar of another type than the graph's real one.</summary>
    internal Value DoubleScalar(double value) => Constant(
        FormattableString.Invariant($"double:{value:R}"),
        TensorShape.Scalar,
        DataType.Double,
        name => OnnxTensor.Of<double>(name, TensorShape.Scalar, DataType.Double, [value]));

    private Value Constant(string key, TensorShape shape, DataType type, Func<string, TensorProto> make)
    {
        if (!_constants.TryGetValue(key, out var constant))
        {
            var name = NewName("constant");
            constant = (new Value(name, shape, type), make(name));
            _constants.Add(key, constant);
        }

        return constant.Value;
    }

    private Value AddParameter(string name, TensorShape shape, Initializer initialize, bool trainable, bool decays)
    {
        var start = StartOf(name, shape, otherwise: null);
        if (start is null)
        {
            start = new float[shape.Count];
            initialize(start, new Random(unchecked((int)NameHash(name) ^ (seed * 486_187_739))));
        }

        return AddParameter(_parameters, name, shape, start, trainable, decays);
    }

    private Value AddParameter(List<Parameter> parameters, string name, TensorShape shape, float[] start, bool trainable, bool decays)
    {
        var value = new Value(Claim(name), shape, real);
        parameters.Add(new Parameter(value, start, trainable, decays));
        return value;
    }

    /// <summary>The values given for a parameter; <paramref name="otherwise"/> where none are.</summary>
    [return: NotNullIfNotNull(nameof(otherwise))]
    private float[]? StartOf(string name, TensorShape shape, float[]? otherwise)
    {
        if (values is null)
        {
            return otherwise;
        }

        if (!values.TryGetValue(name, out var given))
        {
            return otherwise
                ?? throw new ArgumentException($"No values for the parameter '{name}' {shape}; given are {string.Join(", ", values.Keys)}.", nameof(name));
        }

        return given.Shape.Equals(shape)
            ? given.Values
            : throw new ArgumentException($"The parameter '{name}' has the shape {shape}; the values given for it have {given.Shape}.", nameof(shape));
    }

    private string Claim(string name) => name.Length > 0 && _names.Add(name)
        ? name
        : throw new ArgumentException($"The name '{name}' is taken or empty; inputs and parameters of a graph need names of their own.", nameof(name));

    /// <summary>FNV-1a, 32 bits: the same on every machine and run, as string.GetHashCode is not.</summary>
    private static uint NameHash(string name)
    {
        var hash = 2_166_136_261;
        foreach (var c in name)
        {
            hash = unchecked((hash ^ c) * 16_777_619);
        }

        return hash;
    }

    private sealed class RecordingPause : IDisposable
    {
        private readonly GraphBuilder _graph;
        private readonly bool _before;

        public RecordingPause(GraphBuilder graph)
        {
            _graph = graph;
            _before = graph._recording;
            graph._recording = false;
        }

        public void Dispose() => _graph._recording = _before;
    }
}

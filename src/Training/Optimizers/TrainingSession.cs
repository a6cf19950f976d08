using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// Runs training steps in ONNX Runtime. The state stays in ONNX Runtime's memory and is held twice: a step reads one copy and writes the other, and
/// the two change roles, so nothing is copied from step to step. Not safe for use by several threads at once.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingStep _step;
    private readonly TrainingOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly TrainingDevice _device;
    private readonly OrtIoBinding _binding;
    private readonly Dictionary<string, OrtValue> _inputs = [];
    private readonly Dictionary<string, OrtValue>[] _state = [[], []];
    private readonly OrtValue _loss;
    private readonly OrtValue _logits;
    private int _current;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Values are kept and disposed with the session.")]
    private TrainingSession(TrainingStep step, TrainingDevice device, TrainingOptions options)
    {
        _step = step;
        _options = options;
        using var sessionOptions = new SessionOptions
        {
            // Beyond this level pools, which alone of all that a training graph is made of have no weights, are worked out on images in blocks of channels:
            // with the way there and back that takes two to four times as long.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            IntraOpNumThreads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (options.ProfilePrefix is not null)
        {
            // In this order: profiling starts with the prefix of that moment.
            sessionOptions.ProfileOutputPathPrefix = options.ProfilePrefix;
            sessionOptions.EnableProfiling = true;
        }

        // Between steps a batch is made, for which threads that spin until the next step would leave no core.
        sessionOptions.AddSessionConfigEntry("session.force_spinning_stop", "1");
        Steps = options.EarlierSteps;
        _device = device;
        _session = _device.Open(step.Model.ToByteArray(), sessionOptions);
        _binding = _session.CreateIoBinding();
        var stateNames = step.State.Select(vector => vector.Name).ToHashSet();
        foreach (var input in step.Graph.Inputs.Where(input => !stateNames.Contains(input.Name)))
        {
            _inputs.Add(input.Name, Allocate(input.Shape, input.Type));
        }

        foreach (var vector in step.State)
        {
            foreach (var copy in _state)
            {
                copy.Add(vector.Name, _device.Allocate(vector.Start));
            }
        }

        var outputs = step.Model.Graph.Output.ToDictionary(output => output.Name, output => output.Type.TensorType.Shape);
        _loss = Allocate(ShapeOf(outputs[TrainingStep.LossName]), DataType.Float);
        _logits = Allocate(ShapeOf(outputs[TrainingStep.LogitsName]), DataType.Float);
    }

    /// <summary>What runs the step: "CPU" or "CUDA".</summary>
    public string Device => _device.Name;

    /// <summary>Steps taken so far, with those of earlier phases.</summary>
    public int Steps { get; private set; }

    /// <summary>The state's vectors and what each holds.</summary>
    public IReadOnlyList<StateVector> Layout => _step.State;

    /// <summary>The step as an ONNX model.</summary>
    public Onnx.ModelProto Model => _step.Model;

    /// <summary>What the network gave for the last step's batch, before the step's update: [batch, classes], valid until the next step.</summary>
    public ReadOnlySpan<float> Logits => _logits.GetTensorDataAsSpan<float>();

    /// <summary>Number of values that training moves.</summary>
    public int WeightCount => _step.State[0].Start.Length;

    /// <summary>A session for a classifier: softmax cross entropy over targets that are probability rows.</summary>
    /// <param name="forward">The network: from a batch of inputs to logits [batch, classes].</param>
    /// <param name="inputShape">The batch, every size fixed.</param>
    /// <param name="classes">Number of labels.</param>
    /// <param name="optimizer">Whose update each step makes.</param>
    /// <param name="options">Seed, clipping, average, threads.</param>
    /// <param name="start">Weights and buffers to start from; by default drawn from the seed.</param>
    public static TrainingSession Create(
        Func<GraphBuilder, Value, Value> forward,
        TensorShape inputShape,
        int classes,
        Optimizer optimizer,
        TrainingOptions options,
        IReadOnlyDictionary<string, ParameterTensor>? start = null) => Create(
            forward,
            inputShape,
            new TensorShape(inputShape[0], classes),
            (graph, logits, targets) => graph.SoftmaxCrossEntropy(logits, targets),
            optimizer,
            options,
            start);

    /// <summary>A session for any loss over the network's output and targets.</summary>
    public static TrainingSession Create(
        Func<GraphBuilder, Value, Value> forward,
        TensorShape inputShape,
        TensorShape targetShape,
        Func<GraphBuilder, Value, Value, Value> loss,
        Optimizer optimizer,
        TrainingOptions options,
        IReadOnlyDictionary<string, ParameterTensor>? start = null)
    {
        var errors = options.Errors();
        if (errors.Count > 0)
        {
            throw new ArgumentException($"Training options: {string.Join("; ", errors)}.", nameof(options));
        }

        var device = TrainingDevice.Find(options.Device);
        var graph = new GraphBuilder(GraphMode.Training, options.Seed, start, blockedKernels: device.HasBlockedKernels);
        var x = graph.Input("x", inputShape);
        var targets = graph.Input("targets", targetShape);
        var logits = forward(graph, x);
        return new TrainingSession(TrainingStep.Build(graph, loss(graph, logits, targets), logits, optimizer, options), device, options);
    }

    /// <summary>Takes one step and returns the loss before it.</summary>
    /// <param name="x">The batch, row-major, as long as the input shape says.</param>
    /// <param name="targets">[batch, classes], rows that sum to 1.</param>
    /// <param name="learningRate">η of this step.</param>
    public float Step(ReadOnlySpan<float> x, ReadOnlySpan<float> targets, float learningRate)
    {
        Fill("x", x);
        Fill("targets", targets);
        Fill(TrainingStep.LearningRateName, [learningRate]);
        Steps++;
        if (_inputs.TryGetValue(TrainingStep.StepName, out var step))
        {
            step.GetTensorMutableDataAsSpan<double>()[0] = Steps - _options.EarlierSteps;
        }

        DrawDropoutMasks();
        Bind(_state[_current], _state[1 - _current]);
        _binding.SynchronizeBoundInputs();
        _session.RunWithBinding(_runOptions, _binding);
        _binding.SynchronizeBoundOutputs();
        _current = 1 - _current;
        return _loss.GetTensorDataAsSpan<float>()[0];
    }

    /// <summary>Weights and buffers by name, copied.</summary>
    /// <param name="average">True: the moving average of weights and buffers instead of their current values.</param>
    public IReadOnlyDictionary<string, ParameterTensor> Parameters(bool average = false)
    {
        if (average && _options.EmaDecay is null)
        {
            throw new InvalidOperationException("There is no moving average of the weights: set TrainingOptions.EmaDecay.");
        }

        var parameters = new Dictionary<string, ParameterTensor>();
        foreach (var name in new[] { average ? TrainingStep.AverageName : TrainingStep.WeightsName, average ? TrainingStep.AverageBuffersName : TrainingStep.BuffersName })
        {
            if (_step.State.FirstOrDefault(vector => vector.Name == name) is { } vector)
            {
                ReadOnlySpan<float> rest = _device.Read(_state[_current][name]);
                foreach (var parameter in vector.Parameters)
                {
                    parameters.Add(
                        parameter.Name, new ParameterTensor(parameter.Name, parameter.Value.Shape, rest[..parameter.Initial.Length].ToArray()));
                    rest = rest[parameter.Initial.Length..];
                }
            }
        }

        return parameters;
    }

    /// <summary>The whole state (weights, optimiser, average, buffers) and the step's number, to be put back by <see cref="Restore"/>.</summary>
    public TrainingState Capture() => new(
        Steps, _step.State.ToDictionary(vector => vector.Name, vector => _device.Read(_state[_current][vector.Name])));

    /// <summary>Puts back a captured state of the same network and optimiser.</summary>
    public void Restore(TrainingState state)
    {
        foreach (var vector in _step.State)
        {
            if (!state.Vectors.TryGetValue(vector.Name, out var values) || values.Length != vector.Start.Length)
            {
                throw new ArgumentException(
                    $"The state doesn't fit this session: '{vector.Name}' should hold {vector.Start.Length} values and holds {values?.Length ?? 0}. " +
                    "Restore it into a session of the same network, optimiser and options.",
                    nameof(state));
            }
        }

        foreach (var vector in _step.State)
        {
            _device.Write(state.Vectors[vector.Name], _state[_current][vector.Name]);
        }

        Steps = state.Steps;
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _inputs.Values.Concat(_state.SelectMany(copy => copy.Values)).Append(_loss).Append(_logits))
        {
            value.Dispose();
        }

        _runOptions.Dispose();
        _session.Dispose();
    }

    private static TensorShape ShapeOf(Onnx.TensorShapeProto shape) => new([.. shape.Dim.Select(dim => dim.DimValue)]);

    private static OrtValue Allocate(TensorShape shape, DataType type) => OrtValue.CreateAllocatedTensorValue(
        OrtAllocator.DefaultInstance, type == DataType.Double ? TensorElementType.Double : TensorElementType.Float, shape.ToArray());

    /// <summary>
    /// Binds a step's values anew: for a device of its own memory ONNX Runtime copies inputs that lie elsewhere when they are bound, not when it runs.
    /// </summary>
    private void Bind(Dictionary<string, OrtValue> from, Dictionary<string, OrtValue> to)
    {
        foreach (var (name, value) in _inputs.Concat(from))
        {
            _binding.BindInput(name, value);
        }

        foreach (var (name, value) in to)
        {
            _binding.BindOutput(TrainingStep.Next(name), value);
        }

        _binding.BindOutput(TrainingStep.LossName, _loss);
        _binding.BindOutput(TrainingStep.LogitsName, _logits);
    }

    private void Fill(string name, ReadOnlySpan<float> values)
    {
        var target = _inputs[name].GetTensorMutableDataAsSpan<float>();
        if (values.Length != target.Length)
        {
            throw new ArgumentException($"'{name}' is {values.Length} values long; the graph takes {target.Length}.", nameof(values));
        }

        values.CopyTo(target);
    }

    /// <summary>Masks of 0 and 1/(1 − rate), drawn from the seed and the step's number alone, so that a restored run repeats them.</summary>
    private void DrawDropoutMasks()
    {
        var masks = _step.Graph.DropoutMasks;
        for (var i = 0; i < masks.Count; i++)
        {
            var random = new Random(Seeds.Mix(_options.Seed, Steps, i));
            var (mask, rate) = masks[i];
            var kept = 1 / (1 - rate);
            foreach (ref var value in _inputs[mask.Name].GetTensorMutableDataAsSpan<float>())
            {
                value = random.NextSingle() < rate ? 0 : kept;
            }
        }
    }
}

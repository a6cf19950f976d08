using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// Trains an adapter in three parts: first its pictures learn to be like the true ones, cell by cell, then the backbone's features of them to be like those
/// of the true ones (the features' loss alone would have to find the way from nothing), at last with a backbone that learns along; what is heard in the true
/// pictures is what the backbone as it came hears.
/// </summary>
/// <param name="options">How.</param>
/// <param name="backbone">Takes YAMNet's pictures.</param>
/// <param name="window">What a window of ours is.</param>
/// <param name="grid">Where the backbone's frames lie in it.</param>
/// <param name="classes">Names of the backbone's classes; none where its scores are not wanted.</param>
internal sealed class AdapterTraining(AdapterOptions options, OnnxBackbone backbone, ModelContract window, AdapterGrid grid, IReadOnlyList<string> classes)
{
    // Of the figures on recordings held back.
    private const int MeasuredBatches = 12;
    private const int MeasuredBatchWindows = 16;

    // The plain loss of the first part bears a higher rate.
    private const double PictureRateShare = 2;

    // What is trained already is moved less.
    private const double TuneRateShare = 0.3;

    // Of each level under the features, whose weight is 1.
    private const double LevelWeight = 0.3;

    private readonly FrontEndAdapter _adapter = new(backbone, grid, options.Channels);

    private TensorShape WindowShape => new(1, window.Mel.Rows, window.PatchFrames);

    private TensorShape PictureShape => new(YamnetFrontEnd.Mel.MelBins, grid.Frames);

    /// <summary>Trains.</summary>
    /// <param name="data">What to learn from.</param>
    /// <param name="checkpoint">Where an interrupted training stands, and where this one is taken down.</param>
    /// <param name="progress">Told the step, the number of steps and the loss.</param>
    /// <param name="cancellation">Ends the training after the current step, with a checkpoint.</param>
    /// <returns>The adapter with its backbone as an ONNX model from windows [N, 1, mels, frames] to features [N, features], and to scores [N, classes] where the classes have names; and how good it is.</returns>
    public (byte[] Model, AdapterQuality Quality) Run(AdapterData data, AdapterCheckpoint checkpoint, Action<int, int, double> progress, CancellationToken cancellation)
    {
        using var features = new ForwardSession(
            (graph, x) => backbone.Apply(graph, x), new TensorShape(grid.PictureFrames, PictureShape[0]), new Dictionary<string, ParameterTensor>(), options.Threads);
        using var levels = new ForwardSession(
            (graph, x) => _adapter.Levels(graph, x, trainable: false), new TensorShape(grid.PictureFrames, PictureShape[0]), new Dictionary<string, ParameterTensor>(), options.Threads);

        float[] Heard(float[] pictures) => levels.Run(ByFrame(pictures));
        (int Steps, double RateShare, Func<IReadOnlyDictionary<string, ParameterTensor>?, TrainingSession> Open, Func<float[], float[]> Targets)[] parts =
        [
            (options.PictureSteps, PictureRateShare, _ => PictureSession(), pictures => pictures),
            (options.FeatureSteps, 1, start => LevelsSession(Started(start), trainable: false), Heard),
            (options.TuneSteps, TuneRateShare, start => LevelsSession(Started(start), trainable: true), Heard),
        ];
        IReadOnlyDictionary<string, ParameterTensor>? weights = null;
        var done = 0;
        foreach (var (steps, rateShare, open, targets) in parts)
        {
            // A checkpoint is written after a step: at a part's end it still is this part's.
            if (steps > 0 && checkpoint.Steps <= done + steps)
            {
                using var session = open(weights);
                if (checkpoint.Steps > done)
                {
                    checkpoint.Restore(session, done);
                }

                Run(session, data.Training, steps, done, rateShare, targets, checkpoint, progress, cancellation);
                weights = session.Parameters();
            }

            done += steps;
        }

        var model = Exporter.Export(Outputs, WindowShape, weights!, Metadata(), "mel");
        using var adapted = new ForwardSession(_adapter.Forward, WindowShape, weights!, options.Threads);
        return (model, Measure(data.Held, adapted, features));
    }

    private IReadOnlyList<(string Name, Value Value)> Outputs(GraphBuilder graph, Value x)
    {
        if (classes.Count == 0)
        {
            return [(FeatureTeacher.FeaturesName, _adapter.Forward(graph, x))];
        }

        var values = _adapter.Forward(graph, x, [backbone.Features, backbone.Scores!]);
        return [(FeatureTeacher.FeaturesName, values[0]), (FeatureTeacher.ScoresName, values[1])];
    }

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string> { ["backbone"] = Path.GetFileName(backbone.Path), [FeatureTeacher.NormalizationKey] = window.Normalization.ToString() };
        if (classes.Count > 0)
        {
            metadata.Add(FeatureTeacher.ClassesKey, JsonSerializer.Serialize(classes));
        }

        return metadata;
    }

    /// <summary>Squared error of each level over its variance in the batch; the features, last, count most.</summary>
    private Value LevelsError(GraphBuilder graph, Value levels, Value targets)
    {
        Value? sum = null;
        var first = 0L;
        foreach (var size in _adapter.LevelSizes)
        {
            Value Level(Value all) => graph.Slice(all, [1], [first], [first + size]);
            var target = Level(targets);
            var deviation = graph.Sub(target, graph.ReduceMean(target, [0]));
            var variance = graph.Add(graph.ReduceMean(graph.Mul(deviation, deviation)), 1e-6);
            var error = graph.Div(graph.MeanSquaredError(Level(levels), target), variance);
            first += size;
            error = first < _adapter.LevelSizes.Sum() ? graph.Mul(error, LevelWeight) : error;
            sum = sum is null ? error : graph.Add(sum, error);
        }

        return sum!;
    }

    private TrainingSession PictureSession() => Session(
        (graph, x) => graph.Squeeze(_adapter.Pictures(graph, x).Mean, 2),
        new TensorShape([options.BatchWindows, .. PictureShape.Dims]),
        (graph, pictures, targets) => graph.ReduceMean(graph.Abs(graph.Sub(pictures, targets))),
        start: null);

    private TrainingSession LevelsSession(IReadOnlyDictionary<string, ParameterTensor>? start, bool trainable) => Session(
        (graph, x) => _adapter.PictureLevels(graph, _adapter.Pictures(graph, x).Sounding, trainable),
        new TensorShape(options.BatchWindows * grid.Pictures, _adapter.LevelSizes.Sum()),
        LevelsError,
        start);

    private TrainingSession Session(
        Func<GraphBuilder, Value, Value> forward, TensorShape targets, Func<GraphBuilder, Value, Value, Value> loss, IReadOnlyDictionary<string, ParameterTensor>? start) =>
        TrainingSession.Create(
            forward,
            new TensorShape([options.BatchWindows, .. WindowShape.Dims]),
            targets,
            loss,
            new Adam(),
            new TrainingOptions { Seed = options.Seed, Threads = options.Threads, ClipNorm = 1 },
            start);

    /// <summary>The first part doesn't make the deviations; they start at nothing, as drawn. A part that is taken up again draws all: the checkpoint replaces it.</summary>
    private Dictionary<string, ParameterTensor>? Started(IReadOnlyDictionary<string, ParameterTensor>? weights)
    {
        if (weights is null)
        {
            return null;
        }

        var start = new Dictionary<string, ParameterTensor>(weights);
        var shape = new TensorShape(PictureShape[0], options.Channels, 1, 1);
        start.TryAdd(FrontEndAdapter.DeviationName, new ParameterTensor(FrontEndAdapter.DeviationName, shape, new float[shape.Count]));
        return start;
    }

    private void Run(
        TrainingSession session,
        AdapterPairs pairs,
        int steps,
        int done,
        double rateShare,
        Func<float[], float[]> targets,
        AdapterCheckpoint checkpoint,
        Action<int, int, double> progress,
        CancellationToken cancellation)
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Cosine, options.LearningRate * rateShare, steps, WarmUpShare: 0.03);
        var (x, pictures) = (new float[options.BatchWindows * WindowShape.Count], new float[options.BatchWindows * PictureShape.Count]);
        for (var step = session.Steps; step < steps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                if (step > 0)
                {
                    checkpoint.Write(session, done + step);
                }

                throw new OperationCanceledException(cancellation);
            }

            pairs.Fill(new Random(Seeds.Mix(options.Seed, done + step, 0)), x, pictures, varied: true);
            var loss = session.Step(x, targets(pictures), (float)schedule.Rate(step));
            if (!float.IsFinite(loss))
            {
                throw new TrainingException($"the loss is {loss} at step {step + 1}: training diverged; lower --learning-rate ({options.LearningRate})");
            }

            checkpoint.WriteWhenDue(session, done + step + 1);
            progress(done + step + 1, options.PictureSteps + options.FeatureSteps + options.TuneSteps, loss);
        }
    }

    /// <summary>From [batch, bands, frames] to the backbone's [batch · pictures, frames of one, bands].</summary>
    private float[] ByFrame(float[] pictures)
    {
        var bands = (int)PictureShape[0];
        var turned = new float[pictures.Length];
        for (var at = 0; at < pictures.Length; at++)
        {
            var (row, frame) = Math.DivRem(at, grid.Frames);
            var (item, band) = Math.DivRem(row, bands);
            turned[(((item * grid.Frames) + frame) * bands) + band] = pictures[at];
        }

        return turned;
    }

    private AdapterQuality Measure(AdapterPairs held, ForwardSession adapted, ForwardSession backboneFeatures)
    {
        var (guessed, heard) = (new List<float[]>(), new List<float[]>());
        var (x, pictures) = (new float[MeasuredBatchWindows * WindowShape.Count], new float[MeasuredBatchWindows * PictureShape.Count]);
        for (var batch = 0; batch < MeasuredBatches; batch++)
        {
            held.Fill(new Random(Seeds.Mix(options.Seed, batch, 1)), x, pictures, varied: false);
            var answers = adapted.Run(x);
            var count = answers.Length / MeasuredBatchWindows;
            guessed.AddRange(answers.Chunk(count));
            heard.AddRange(backboneFeatures.Run(ByFrame(pictures)).Chunk(count * grid.Pictures).Select(window => MeanOf(window, count)));
        }

        return AdapterQuality.Of(guessed, heard);
    }

    private static float[] MeanOf(float[] rows, int count)
    {
        var mean = new float[count];
        for (var i = 0; i < rows.Length; i++)
        {
            mean[i % count] += rows[i] * count / rows.Length;
        }

        return mean;
    }
}

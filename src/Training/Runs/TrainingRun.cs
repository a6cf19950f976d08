using System.Diagnostics;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Trains a network to the last epoch and exports the moving average of its weights. No epoch is picked by its figures: the validation sets are small, and
/// the best of many looks at them is luck. They set the temperature alone.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="data">What to do it with.</param>
/// <param name="folder">Where the work is left.</param>
/// <param name="progress">Who is told.</param>
internal sealed class TrainingRun(TrainingRunOptions options, RunData data, RunFolder folder, ITrainingProgress progress)
{
    // Of the running means shown while an epoch goes on: about the last 50 steps.
    private const double ShownDecay = 0.98;

    private readonly ModelContract _contract = options.Contract(data.Training.Labels, 1);
    private readonly Func<GraphBuilder, Value, Value> _forward =
        NetworkCatalog.Find(options.Network).Forward(data.Training.Labels.Count, (float)options.Dropout);

    private bool Averages => options.AverageDecay > 0;

    private TensorShape ItemShape => new(1, _contract.Mel.MelBins, _contract.PatchFrames);

    /// <summary>Runs; on cancellation ends after the current step and leaves a checkpoint and a model of what it has.</summary>
    /// <returns>The last measurement, of the exported weights; false where the run was cut short.</returns>
    public (EpochMetrics Last, bool Completed) Run(CancellationToken cancellation)
    {
        var batch = options.BatchWindows;
        var steps = options.Epochs * options.EpochSteps;
        var clock = Stopwatch.StartNew();
        var source = new BatchSource(data.Training.FilledFor(_contract), _contract, options.Augmentation, options.LabelSmoothing, options.Seed);
        using var session = TrainingSession.Create(
            _forward,
            new TensorShape(batch, 1, _contract.Mel.MelBins, _contract.PatchFrames),
            data.Training.Labels.Count,
            options.NewOptimizer(),
            new TrainingOptions
            {
                Seed = options.Seed,
                EmaDecay = Averages ? options.AverageDecay : null,
                Threads = options.Threads,
                ClipNorm = options.ClipNorm > 0 ? options.ClipNorm : null,
            });
        var schedule = new LearningRateSchedule(options.Schedule, options.LearningRate, steps, options.WarmUpShare);
        var (current, next) = (NewBatch(), NewBatch());
        source.Next(current.X, current.Targets);
        double shownLoss = 0, shownAccuracy = 0;
        EpochMetrics? last = null;
        for (var epoch = 1; epoch <= options.Epochs && !cancellation.IsCancellationRequested; epoch++)
        {
            double loss = 0, accuracy = 0, rate = 0;
            var taken = 0;
            for (; taken < options.EpochSteps && !cancellation.IsCancellationRequested; taken++)
            {
                // The next batch is made while this one is learnt from.
                var (filling, learning) = (next, current);
                var prepared = Task.Run(() => source.Next(filling.X, filling.Targets), CancellationToken.None);
                var step = ((epoch - 1) * options.EpochSteps) + taken;
                rate = schedule.Rate(step);
                var stepLoss = session.Step(learning.X, learning.Targets, (float)rate);
                if (!float.IsFinite(stepLoss))
                {
                    throw new TrainingException($"the loss is {stepLoss} at step {step + 1}: training diverged; lower --learning-rate ({options.LearningRate})");
                }

                var stepAccuracy = Accuracy(session.Logits, learning.Targets);
                prepared.GetAwaiter().GetResult();
                (current, next) = (next, current);
                loss += stepLoss;
                accuracy += stepAccuracy;
                var share = 1 - Math.Min(ShownDecay, step / (step + 1.0));
                shownLoss += share * (stepLoss - shownLoss);
                shownAccuracy += share * (stepAccuracy - shownAccuracy);
                progress.Step(step + 1, steps, shownLoss, shownAccuracy);
            }

            var isLast = epoch == options.Epochs || cancellation.IsCancellationRequested;
            var looks = isLast || epoch % options.ValidateEvery == 0;
            last = new EpochMetrics(
                epoch, loss / Math.Max(1, taken), accuracy / Math.Max(1, taken), rate, clock.Elapsed.TotalSeconds, looks ? Validate(session.Parameters(Averages)) : []);
            folder.AddMetrics(last);
            progress.Epoch(last, options.Epochs);
            if (looks)
            {
                folder.WriteCheckpoint(new Checkpoint(session.Parameters(Averages), session.Parameters(), 1));
            }
        }

        if (last is null)
        {
            throw new OperationCanceledException(cancellation);
        }

        Finish(session);
        return (last, !cancellation.IsCancellationRequested);
    }

    /// <summary>Writes a checkpoint's model.</summary>
    public static byte[] Export(TrainingRunOptions options, IReadOnlyList<string> labels, Checkpoint checkpoint, bool average = true)
    {
        var contract = options.Contract(labels, checkpoint.Temperature);
        return Exporter.Export(
            NetworkCatalog.Find(options.Network).Forward(labels.Count, 0),
            new TensorShape(1, contract.Mel.MelBins, contract.PatchFrames),
            average ? checkpoint.Average : checkpoint.Raw,
            contract.ToMetadata(),
            contract.InputName,
            contract.OutputName);
    }

    private void Finish(TrainingSession session)
    {
        var average = session.Parameters(Averages);
        var scored = Scored(average).Select(pair => pair.Scored).Where(set => set.Clips.Count > 0).ToList();
        var temperature = scored.Count > 0 ? Calibration.FitTemperature(scored) : 1;
        if (scored.Count > 0)
        {
            progress.Note(
                $"temperature {temperature:F3}: calibration error {Calibration.ExpectedError(scored, 1):F3} -> {Calibration.ExpectedError(scored, temperature):F3}");
        }

        var checkpoint = new Checkpoint(average, session.Parameters(), temperature);
        folder.WriteCheckpoint(checkpoint);
        File.WriteAllBytes(folder.ModelPath, Export(options, data.Training.Labels, checkpoint));
    }

    private List<SetMetrics> Validate(IReadOnlyDictionary<string, ParameterTensor> parameters) =>
        Scored(parameters).Where(pair => pair.Scored.Clips.Count > 0).Select(pair => SetMetrics.Of(pair.Name, pair.Scored, 1)).ToList();

    private List<(string Name, ScoredSet Scored)> Scored(IReadOnlyDictionary<string, ParameterTensor> parameters)
    {
        using var forward = new ForwardSession(_forward, ItemShape, parameters, options.Threads);
        return data.Validation.Select(pair => (pair.Name, ScoredSet.Score(pair.Set, _contract, forward.Run, options.WindowHopSeconds ?? 1))).ToList();
    }

    private (float[] X, float[] Targets) NewBatch() => (
        new float[options.BatchWindows * _contract.Mel.MelBins * _contract.PatchFrames],
        new float[options.BatchWindows * data.Training.Labels.Count]);

    private double Accuracy(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        var labels = data.Training.Labels.Count;
        var right = 0;
        for (var row = 0; row < options.BatchWindows; row++)
        {
            var heard = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Slice(row * labels, labels));
            right += heard == System.Numerics.Tensors.TensorPrimitives.IndexOfMax(targets.Slice(row * labels, labels)) ? 1 : 0;
        }

        return (double)right / options.BatchWindows;
    }
}

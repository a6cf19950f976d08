using System.Diagnostics;
using System.Numerics.Tensors;

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
/// Trains a network to the last epoch and exports the moving average of its weights. No epoch is picked by its figures unless the run is told to stop
/// early: the validation sets are small, and the best of many looks at them is luck. They set the temperature alone.
/// </summary>
/// <remarks>
/// A run that was interrupted, however abruptly, goes on from its folder's checkpoint and ends in the same bits as one that was not: batches and dropout
/// masks depend on the seed and the step's number alone, and the checkpoint holds the rest.
/// </remarks>
/// <param name="options">What to do.</param>
/// <param name="data">What to do it with; training clips are at least a window long, or left out.</param>
/// <param name="folder">Where the work is left, and where it is taken up.</param>
/// <param name="progress">Who is told.</param>
/// <param name="checkpointEvery">Time from one checkpoint to the next.</param>
internal sealed class TrainingRun(TrainingRunOptions options, RunData data, RunFolder folder, ITrainingProgress progress, TimeSpan checkpointEvery)
{
    // Of the running means shown while an epoch goes on: about the last 50 steps.
    private const double ShownDecay = 0.98;

    private readonly ModelContract _contract = options.Contract(data.Training.Labels, 1);
    private readonly Func<GraphBuilder, Value, Value> _served = Served(options, data.Training.Labels.Count);

    private readonly TrainingLoss _loss = new(
        options, options.CostMatrix is { } costs ? CostMatrix.Read(costs, data.Training.Labels) : null, data.Training.Labels.Count, data.Features?.Count ?? 0);

    private readonly LearningRateSchedule _schedule = new(options.Schedule, options.LearningRate, options.Steps, options.WarmUpShare);
    private readonly Stopwatch _clock = new();
    private RunProgress _done = new();
    private IReadOnlyDictionary<string, ParameterTensor> _best = new Dictionary<string, ParameterTensor>();
    private double _earlierSeconds;
    private double _rate;
    private int _shownSteps;
    private double _shownLoss;
    private double _shownAccuracy;

    private bool Averages => options.AverageDecay > 0;

    private TensorShape ItemShape => new(1, _contract.Mel.Rows, _contract.PatchFrames);

    private double Elapsed => _earlierSeconds + _clock.Elapsed.TotalSeconds;

    /// <summary>
    /// Runs from the beginning or from the folder's checkpoint; on cancellation ends after the current step and leaves a checkpoint and a model of what
    /// it has.
    /// </summary>
    /// <returns>The last measurement, of the exported weights; false where the run was cut short.</returns>
    public (EpochMetrics Last, bool Completed) Run(CancellationToken cancellation)
    {
        if (options.Patience > 0 && data.Validation.Count == 0)
        {
            throw new TrainingException("early stopping (--patience) needs a validation set; name one with --validate, or hold artists back");
        }

        using var teachers = new Teachers(options.Teachers, _contract, options.Threads);
        var source = new BatchSource(data.Training, _contract, options.NewBatchOptions(), data.Unlabelled, data.Features);
        using var phases = new TrainingPhases(options, _loss, ItemShape, data.Training.Labels.Count);
        var session = TakeUp(phases);
        using var batches = new BatchQueue(NewBatch, (step, batch) => Fill(batch, step, source, teachers), options.Steps);
        _clock.Start();
        var saved = Stopwatch.StartNew();
        while (!_done.Finished && !cancellation.IsCancellationRequested)
        {
            TakeStep(session, batches.Take(_done.Steps));
            if (_done.Steps % options.EpochSteps == 0)
            {
                EndEpoch(session);
                session = phases.After(session, _done);
            }

            if (saved.Elapsed >= checkpointEvery)
            {
                Save(session);
                saved.Restart();
            }
        }

        if (_done.Steps == 0)
        {
            throw new OperationCanceledException(cancellation);
        }

        if (!_done.Finished)
        {
            // First of all: who interrupts may lose patience while the sets are measured.
            Save(session);
        }

        var last = _done.Finished || _done.Steps % options.EpochSteps == 0 ? _done.Epochs[^1] : MeasureUnfinishedEpoch(session);
        Finish(session);
        return (last, _done.Finished);
    }

    /// <summary>Writes a checkpoint's model.</summary>
    public static byte[] Export(TrainingRunOptions options, IReadOnlyList<string> labels, Checkpoint checkpoint, bool raw = false)
    {
        var contract = options.Contract(labels, options.Temperature ?? checkpoint.Progress.Temperature);
        return Exporter.Export(
            Served(options, labels.Count),
            new TensorShape(1, contract.Mel.Rows, contract.PatchFrames),
            raw ? checkpoint.Raw : checkpoint.Exported,
            contract.ToMetadata(),
            contract.InputName,
            contract.OutputName);
    }

    /// <summary>The network as it is measured and exported: where labels are independent it gives their probabilities.</summary>
    private static Func<GraphBuilder, Value, Value> Served(TrainingRunOptions options, int labels)
    {
        var forward = NetworkCatalog.Of(options).Forward(labels, 0);
        return options.Loss == LossKind.MultiLabel ? (graph, x) => graph.Sigmoid(forward(graph, x)) : forward;
    }

    /// <summary>Goes to where the folder's checkpoint stands, if there is one.</summary>
    private TrainingSession TakeUp(TrainingPhases phases)
    {
        var checkpoint = File.Exists(folder.CheckpointPath) ? folder.ReadCheckpoint() : null;
        var session = phases.Open(checkpoint?.Progress.Steps ?? 0);
        if (checkpoint is not null)
        {
            checkpoint.Restore(session);
            (_done, _best) = (checkpoint.Progress with { Temperature = 1 }, checkpoint.Best);
            _earlierSeconds = _done.ElapsedSeconds;
            progress.Note($"resumed after step {_done.Steps} of {options.Steps}");
        }

        folder.RewriteMetrics(_done.Epochs);
        return session;
    }

    private void TakeStep(TrainingSession session, TrainingBatch batch)
    {
        _rate = _schedule.Rate(_done.Steps);
        var loss = session.Step(batch.X, batch.Targets, (float)_rate);
        if (!float.IsFinite(loss))
        {
            throw new TrainingException($"the loss is {loss} at step {_done.Steps + 1}: training diverged; lower --learning-rate ({options.LearningRate})");
        }

        var accuracy = Accuracy(session.Logits, batch.Targets);
        _done = _done with { Steps = _done.Steps + 1, LossSum = _done.LossSum + loss, AccuracySum = _done.AccuracySum + accuracy };
        var share = 1 - Math.Min(ShownDecay, _shownSteps / (_shownSteps + 1.0));
        _shownSteps++;
        _shownLoss += share * (loss - _shownLoss);
        _shownAccuracy += share * (accuracy - _shownAccuracy);
        progress.Step(_done.Steps, options.Steps, _shownLoss, _shownAccuracy);
    }

    private void EndEpoch(TrainingSession session)
    {
        var epoch = _done.Steps / options.EpochSteps;
        var isLast = epoch == options.Epochs;
        var metrics = Measure(session, epoch, options.EpochSteps, isLast || epoch % options.ValidateEvery == 0);
        _done = _done with { LossSum = 0, AccuracySum = 0, Epochs = [.. _done.Epochs, metrics], Finished = isLast };
        folder.AddMetrics(metrics);
        progress.Epoch(metrics, options.Epochs);
        if (options.Patience > 0 && metrics.Validation.Count > 0)
        {
            StopWhenNothingIsGained(session, metrics);
        }
    }

    private void StopWhenNothingIsGained(TrainingSession session, EpochMetrics metrics)
    {
        if (_done.BestEpoch == 0 || metrics.ValidationLoss < _done.Epochs[_done.BestEpoch - 1].ValidationLoss)
        {
            _done = _done with { BestEpoch = metrics.Epoch };
            _best = session.Parameters(Averages);
        }
        else if (metrics.Epoch - _done.BestEpoch >= options.Patience)
        {
            _done = _done with { Finished = true };
            progress.Note($"stopped early: the validation loss has not fallen since epoch {_done.BestEpoch}, whose weights are exported");
        }
    }

    /// <summary>An epoch that was cut short: for the reader of metrics.jsonl; a resumed run replaces it by the whole one.</summary>
    private EpochMetrics MeasureUnfinishedEpoch(TrainingSession session)
    {
        var metrics = Measure(session, (_done.Steps / options.EpochSteps) + 1, _done.Steps % options.EpochSteps, looks: true);
        folder.AddMetrics(metrics);
        progress.Epoch(metrics, options.Epochs);
        return metrics;
    }

    private EpochMetrics Measure(TrainingSession session, int epoch, int taken, bool looks) => new(
        epoch,
        _done.LossSum / taken,
        _done.AccuracySum / taken,
        _rate,
        Elapsed,
        looks ? Scored(session.Parameters(Averages)).Select(pair => SetMetrics.Of(pair.Name, pair.Scored, 1)).ToList() : []);

    private void Save(TrainingSession session) =>
        folder.WriteCheckpoint(Checkpoint.Of(session, _done with { ElapsedSeconds = Elapsed }, _best));

    private void Finish(TrainingSession session)
    {
        var checkpoint = Checkpoint.Of(session, _done with { ElapsedSeconds = Elapsed }, _best);
        var scored = Scored(checkpoint.Exported).Select(pair => pair.Scored).ToList();
        if (scored.Count > 0 && _contract.ScoreKind == ScoreKind.Logits)
        {
            var temperature = options.Temperature ?? Calibration.FitTemperature(scored);
            progress.Note(Calibration.Describe(scored, temperature));
            checkpoint = checkpoint with { Progress = checkpoint.Progress with { Temperature = temperature } };
        }

        folder.WriteCheckpoint(checkpoint);
        AtomicFile.Write(folder.ModelPath, Export(options, data.Training.Labels, checkpoint));
    }

    private List<(string Name, ScoredSet Scored)> Scored(IReadOnlyDictionary<string, ParameterTensor> parameters)
    {
        using var forward = new ForwardSession(_served, ItemShape, parameters, options.Threads);
        return data.Validation
            .Select(pair => (pair.Name, Scored: ScoredSet.Score(pair.Set, _contract, forward.Run, options.WindowHopSeconds ?? 1)))
            .Where(pair => pair.Scored.Clips.Count > 0)
            .ToList();
    }

    private TrainingBatch NewBatch() => new(
        new float[options.BatchWindows * ItemShape.Count], new float[_loss.TargetShape.Count]);

    private void Fill(TrainingBatch batch, int step, BatchSource source, Teachers teachers)
    {
        source.Fill(step, batch.X, batch.Targets.AsSpan(_loss.Labels), batch.Targets.AsSpan(_loss.Features));
        if (!teachers.IsEmpty)
        {
            teachers.Answer(batch.X, batch.Targets.AsSpan(_loss.Teachers));
        }
    }

    /// <summary>Share of the windows with a label whose heaviest target scored highest.</summary>
    private double Accuracy(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        var labels = data.Training.Labels.Count;
        int right = 0, labelled = 0;
        for (var row = 0; row < options.BatchWindows; row++)
        {
            var target = targets.Slice(row * labels, labels);
            var truth = TensorPrimitives.IndexOfMax(target);
            if (target[truth] > 0)
            {
                labelled++;
                right += TensorPrimitives.IndexOfMax(logits.Slice(row * labels, labels)) == truth ? 1 : 0;
            }
        }

        return labelled > 0 ? (double)right / labelled : 0;
    }
}

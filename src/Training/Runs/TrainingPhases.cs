using StreamGenre.Training.Backbones;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Runs;

/// <summary>
/// A run's training session. Where a pre-trained backbone stays as it is at first, the run has two phases with a session each: in the first the backbone is
/// constants of the graph, which cost no gradient and no room in the optimiser; the second goes on with all weights and an optimiser that begins afresh, as
/// moments that have not followed the backbone's gradients would make its first steps too large.
/// </summary>
/// <param name="options">The run's.</param>
/// <param name="loss">The run's.</param>
/// <param name="itemShape">One window.</param>
/// <param name="labels">Number of labels.</param>
internal sealed class TrainingPhases(TrainingRunOptions options, TrainingLoss loss, TensorShape itemShape, int labels) : IDisposable
{
    private readonly int _frozenSteps = options.Init is null ? 0 : Math.Min(options.FrozenEpochs, options.Epochs) * options.EpochSteps;
    private TrainingSession? _session;

    private bool ThawsAfter(int steps) => steps == _frozenSteps && steps < options.Steps;

    /// <summary>Opens the session that takes a step.</summary>
    /// <param name="steps">Steps taken before it.</param>
    public TrainingSession Open(int steps)
    {
        _session?.Dispose();
        _session = null;
        return _session = New(isFrozen: steps < _frozenSteps || _frozenSteps == options.Steps);
    }

    /// <summary>The session that goes on from here: another one where a phase has ended.</summary>
    /// <param name="session">The session so far, which isn't used any more where another is returned.</param>
    /// <param name="done">How far it has come.</param>
    public TrainingSession After(TrainingSession session, RunProgress done)
    {
        if (!ThawsAfter(done.Steps))
        {
            return session;
        }

        var frozen = Checkpoint.Of(session, done, new Dictionary<string, ParameterTensor>());
        var thawed = Open(done.Steps);
        frozen.Widen(thawed);
        return thawed;
    }

    /// <inheritdoc/>
    public void Dispose() => _session?.Dispose();

    private TrainingSession New(bool isFrozen) => TrainingSession.Create(
        NetworkCatalog.Of(isFrozen ? options with { FrozenEpochs = options.Epochs } : options).Forward(labels, (float)options.Dropout),
        new TensorShape([options.BatchWindows, .. itemShape.Dims]),
        loss.TargetShape,
        loss.Build,
        options.NewOptimizer(),
        new TrainingOptions
        {
            Seed = options.Seed,
            EmaDecay = options.AverageDecay > 0 ? options.AverageDecay : null,
            Device = options.Device,
            Threads = options.Threads,
            ClipNorm = options.ClipNorm > 0 ? options.ClipNorm : null,
            FineTuning = options.Init is null || isFrozen ? null : new FineTuning(OnnxBackbone.Prefix, options.FineTuningShare),
            EarlierSteps = isFrozen ? 0 : _frozenSteps,
        });
}

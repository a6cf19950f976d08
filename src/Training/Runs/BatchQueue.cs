namespace StreamGenre.Training.Runs;

/// <summary>Makes the next batch while the last one is learnt from. Two batches take turns, so nothing is allocated from step to step.</summary>
/// <param name="create">Makes an empty batch.</param>
/// <param name="fill">Fills the batch of a step; called on one task at a time.</param>
/// <param name="steps">Steps of the whole run.</param>
internal sealed class BatchQueue(Func<TrainingBatch> create, Action<int, TrainingBatch> fill, int steps) : IDisposable
{
    private TrainingBatch _taken = create();
    private TrainingBatch _next = create();
    private Task _filling = Task.CompletedTask;
    private int _nextStep = -1;

    /// <summary>The batch of a step, valid until the next call.</summary>
    public TrainingBatch Take(int step)
    {
        if (_nextStep != step)
        {
            Prepare(step);
        }

        _filling.GetAwaiter().GetResult();
        (_taken, _next) = (_next, _taken);
        if (step + 1 < steps)
        {
            Prepare(step + 1);
        }

        return _taken;
    }

    /// <summary>Waits for the batch that is being made.</summary>
    public void Dispose() => _filling.GetAwaiter().GetResult();

    private void Prepare(int step)
    {
        _filling.GetAwaiter().GetResult();
        var batch = _next;
        _nextStep = step;
        _filling = Task.Run(() => fill(step, batch));
    }
}

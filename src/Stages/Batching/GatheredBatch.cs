using System.Diagnostics;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// Windows of several streams that go through the model together, and whose each is: taken, classified, delivered, and used again. Both engines gather such
/// batches. It belongs to one thread at a time.
/// </summary>
/// <param name="contract">The model's.</param>
/// <param name="options">How windows are gathered.</param>
/// <param name="counters">The engine's counters.</param>
/// <param name="time">The clock of the longest wait.</param>
internal sealed class GatheredBatch(ModelContract contract, BatchingOptions options, PipelineCounters counters, TimeProvider time) : IDisposable
{
    private readonly List<(IBatchedStream Stream, PendingWindow Window)> _members = new(options.MaxBatch);

    // Of each window, why it has no scores; null where it has some.
    private readonly List<ClassificationException?> _errors = new(options.MaxBatch);

    /// <summary>The model's input and, once it was classified, its scores.</summary>
    public MelBatch Mel { get; } = new(contract, options.MaxBatch);

    /// <summary>Windows in it.</summary>
    public int Count => _members.Count;

    /// <summary>Whether no further window fits.</summary>
    public bool IsFull => Mel.IsFull;

    /// <summary>Takes the oldest waiting window of a stream; nothing when none waits.</summary>
    public void Take(IBatchedStream stream)
    {
        if (stream.TakeOldest() is not { } window)
        {
            return;
        }

        try
        {
            Mel.Add(window.Mel!);
            _members.Add((stream, window));
        }
        catch (Exception error)
        {
            stream.Fail(error);
        }
        finally
        {
            window.ReleaseMel();
        }
    }

    /// <summary>How long it may wait for more, by <see cref="BatchRule"/>; zero or less: it goes now. It must not be empty.</summary>
    /// <param name="lanes">All lanes, the one that gathers included.</param>
    /// <param name="lanesAtWork">Lanes that run the model.</param>
    public TimeSpan Wait(int lanes, int lanesAtWork) => new BatchRule
    {
        Windows = Count,
        Age = time.GetElapsedTime(_members[0].Window.ArrivalTimestamp),
        OpenStreams = counters.OpenStreams,
        HoldsUpAStream = _members.Exists(static member => member.Stream.IsFull),
        Lanes = lanes,
        LanesAtWork = lanesAtWork,
    }.Wait(options);

    /// <summary>Runs the model on it. A failure is noted and not thrown, so that it ends nobody but the batch's streams.</summary>
    public void Classify(IGenreClassifier classifier)
    {
        var start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            classifier.Classify(Mel);
        }
        catch (Exception error)
        {
            failure = error;
        }

        var ticks = Stopwatch.GetTimestamp() - start;
        for (var i = 0; i < Count; i++)
        {
            var window = _members[i].Window;
            _errors.Add(failure is null ? ClassificationException.Of(window.Start, Mel.Scores(i)) : ClassificationException.Of(window.Start, failure));
        }

        counters.AddBatch(Count, _errors.Count(static error => error is null), ticks);
    }

    /// <summary>Gives every stream what is its own: scores, or the reason why there are none. The batch is empty afterwards.</summary>
    public void Deliver()
    {
        for (var i = 0; i < _members.Count; i++)
        {
            // A window's stream ends where there are none; all others go on.
            var (stream, window) = _members[i];
            if (_errors[i] is { } error)
            {
                stream.Fail(error);
            }
            else
            {
                Deliver(stream, window, Mel.Scores(i));
            }
        }

        _members.Clear();
        _errors.Clear();
        Mel.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Mel.Dispose();

    private static void Deliver(IBatchedStream stream, PendingWindow window, ReadOnlySpan<float> scores)
    {
        try
        {
            stream.Complete(window, scores);
        }
        catch (Exception error)
        {
            stream.Fail(error);
        }
    }
}

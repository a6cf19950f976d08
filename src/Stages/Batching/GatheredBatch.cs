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
    private Exception? _error;

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
        var classified = 0;
        try
        {
            classifier.Classify(Mel);
            for (var i = 0; i < Count; i++)
            {
                classified += ClassificationException.AreFinite(Mel.Scores(i)) ? 1 : 0;
            }
        }
        catch (Exception error)
        {
            _error = error;
        }

        counters.AddBatch(Count, classified, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Gives every stream what is its own: scores, or the reason why there are none. The batch is empty afterwards.</summary>
    public void Deliver()
    {
        for (var i = 0; i < _members.Count; i++)
        {
            var (stream, window) = _members[i];
            if (_error is null)
            {
                Deliver(stream, window, Mel.Scores(i));
            }
            else
            {
                // The windows' streams end here, each with the reason; all others go on.
                stream.Fail(ClassificationException.Of(window.Start, _error));
            }
        }

        _members.Clear();
        Mel.Clear();
        _error = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Mel.Dispose();

    private void Deliver(IBatchedStream stream, PendingWindow window, ReadOnlySpan<float> scores)
    {
        try
        {
            ClassificationException.ThrowIfNotFinite(scores, window.Start);
            stream.Complete(window, scores);
        }
        catch (Exception error)
        {
            stream.Fail(error);
        }
    }
}

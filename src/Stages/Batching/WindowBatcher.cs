using System.Diagnostics;
using System.Threading.Channels;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// Where all streams meet: one bounded queue and a few lanes. A lane is a thread with a batch of its own; it gathers windows, runs the model,
/// and gives every window its scores.
/// </summary>
/// <remarks>
/// Lanes gather one at a time, so that windows that come together share a batch. A lane takes what is queued; then the batch goes off as soon
/// as one of these holds: it is full; it has as many windows as streams are open, so nobody else is to be waited for; a stream in it has no
/// place left and can only go on when it is done (a file, as fast as it goes); or its first window came <see cref="BatchingOptions.MaxDelay"/>
/// ago. While every lane runs the model, windows queue up, and the next lane takes them together: under load batches grow by themselves.
/// </remarks>
internal sealed class WindowBatcher : IAsyncDisposable
{
    private readonly IGenreClassifier _classifier;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<WindowLine> _queue;

    // Counts what lies in the queue, for threads: a lane sleeps here, and the delay's timer wakes it here too.
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Lock _gathering = new();
    private readonly ITimer _delayTimer;
    private readonly Thread[] _lanes;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runningLanes;
    private volatile bool _stopping;

    /// <summary>Starts the lanes. The classifier stays the caller's, to dispose of afterwards.</summary>
    public WindowBatcher(IGenreClassifier classifier, BatchingOptions options, PipelineCounters counters, TimeProvider time)
    {
        options.ThrowIfWrong(nameof(options));
        _classifier = classifier;
        _options = options;
        _time = time;
        Counters = counters;

        // Wait: what to do when it is full is each stream's own policy. Size: see BatchingOptions.QueueCapacity.
        _queue = Channel.CreateBounded<WindowLine>(new BoundedChannelOptions(options.QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });
        _delayTimer = time.CreateTimer(_ => _arrivals.Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var lanes = options.LanesFor(classifier);
        _runningLanes = lanes;
        _lanes = new Thread[lanes];
        for (var i = 0; i < lanes; i++)
        {
            // Threads of their own: the model computes for milliseconds on end, which would starve the pool that serves the network.
            _lanes[i] = new Thread(RunLane) { IsBackground = true, Name = $"StreamGenre lane {i}" };
            _lanes[i].Start();
        }
    }

    /// <summary>What it and its streams count.</summary>
    public PipelineCounters Counters { get; }

    /// <summary>Windows in the queue.</summary>
    public int Queued => _queue.Reader.Count;

    /// <summary>Queues one window's turn of a line; waits for room, first come first served.</summary>
    public async ValueTask EnqueueAsync(WindowLine line, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(line, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(GenrePipeline), "The pipeline is shutting down.");
        }

        _arrivals.Release();
    }

    /// <summary>Queues one window's turn of a line if there is room.</summary>
    public bool TryEnqueue(WindowLine line)
    {
        if (!_queue.Writer.TryWrite(line))
        {
            return false;
        }

        _arrivals.Release();
        return true;
    }

    /// <summary>Takes nothing more, finishes what is queued, and stops the lanes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            _stopping = true;
            _arrivals.Release(_lanes.Length);
        }

        await _stopped.Task;
        await _delayTimer.DisposeAsync();
        _arrivals.Dispose();
    }

    private void RunLane()
    {
        using var batch = new MelBatch(_classifier.Contract, _options.MaxBatch);
        var members = new List<(WindowLine Line, PendingWindow Window)>(_options.MaxBatch);
        while (Gather(batch, members))
        {
            Classify(batch, members);
            batch.Clear();
            members.Clear();
        }

        if (Interlocked.Decrement(ref _runningLanes) == 0)
        {
            _stopped.SetResult();
        }
    }

    /// <summary>Fills the batch by the rules above; false when the batcher stops and nothing is queued.</summary>
    private bool Gather(MelBatch batch, List<(WindowLine Line, PendingWindow Window)> members)
    {
        lock (_gathering)
        {
            while (members.Count == 0)
            {
                if (_stopping && _queue.Reader.Count == 0)
                {
                    return false;
                }

                _arrivals.Wait();
                TakeNext(batch, members);
            }

            var first = members[0].Window.ArrivalTimestamp;
            var timerSet = false;
            while (!batch.IsFull)
            {
                if (_arrivals.Wait(0))
                {
                    TakeNext(batch, members);
                    continue;
                }

                var left = _options.MaxDelay - _time.GetElapsedTime(first);
                if (left <= TimeSpan.Zero || _stopping || members.Count >= Counters.OpenStreams || members.Exists(m => m.Line.IsFull))
                {
                    break;
                }

                if (!timerSet)
                {
                    timerSet = true;
                    _delayTimer.Change(left, Timeout.InfiniteTimeSpan);
                }

                _arrivals.Wait();
                TakeNext(batch, members);
            }

            if (timerSet)
            {
                _delayTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    /// <summary>Moves one queued window into the batch; nothing when the wake-up was the timer's or the line has been closed since.</summary>
    private void TakeNext(MelBatch batch, List<(WindowLine Line, PendingWindow Window)> members)
    {
        if (!_queue.Reader.TryRead(out var line) || line.TakeOldest() is not { } window)
        {
            return;
        }

        try
        {
            batch.Add(window.Mel!);
            members.Add((line, window));
        }
        catch (Exception error)
        {
            line.Fail(error);
        }
        finally
        {
            window.ReleaseMel();
        }
    }

    private void Classify(MelBatch batch, List<(WindowLine Line, PendingWindow Window)> members)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            _classifier.Classify(batch);
        }
        catch (Exception error)
        {
            // The windows' streams end here, each with the reason; the lane and all other streams go on.
            foreach (var (line, window) in members)
            {
                line.Fail(ClassificationException.Of(window.Start, error));
            }

            return;
        }
        finally
        {
            Counters.AddBatch(members.Count, Stopwatch.GetTimestamp() - start);
        }

        for (var i = 0; i < members.Count; i++)
        {
            Deliver(members[i].Line, members[i].Window, batch.Scores(i));
        }
    }

    private void Deliver(WindowLine line, PendingWindow window, ReadOnlySpan<float> scores)
    {
        try
        {
            ClassificationException.ThrowIfNotFinite(scores, window.Start);
            Counters.AddClassified();
            line.Complete(window, scores);
        }
        catch (Exception error)
        {
            line.Fail(error);
        }
    }
}

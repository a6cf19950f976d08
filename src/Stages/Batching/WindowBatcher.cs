using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// Where all streams meet: one bounded queue and a few lanes. A lane is a thread with a batch of its own; it gathers windows, runs the model,
/// and gives every window its scores.
/// </summary>
/// <remarks>
/// Lanes gather one at a time, so that windows that come together share a batch. A lane takes what is queued, a window of each stream in turn; then the
/// batch goes off when it is full or when <see cref="BatchRule"/> says so. While every lane runs the model, windows queue up, and the next lane takes
/// them together: under load batches grow by themselves.
/// </remarks>
internal sealed class WindowBatcher : IAsyncDisposable
{
    private readonly IGenreClassifier _classifier;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly TurnQueue _queue = new();

    // Room in the queue; what to do when there is none is each stream's own policy. Size: see BatchingOptions.QueueCapacity.
    private readonly SemaphoreSlim _room;

    // Counts what lies in the queue, for threads: a lane sleeps here, and the delay's timer and a lane that comes back wake it here too.
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Lock _gathering = new();
    private readonly ITimer _delayTimer;
    private readonly Thread[] _lanes;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runningLanes;
    private int _lanesAtWork;
    private volatile bool _waitsForMore;
    private volatile bool _stopping;

    /// <summary>Starts the lanes. The classifier stays the caller's, to dispose of afterwards; the options are those <see cref="BatchingOptions.For"/> it.</summary>
    public WindowBatcher(IGenreClassifier classifier, BatchingOptions options, PipelineCounters counters, TimeProvider time)
    {
        _classifier = classifier;
        _options = options;
        _time = time;
        Counters = counters;
        _room = new SemaphoreSlim(options.QueueCapacity);
        _delayTimer = time.CreateTimer(_ => _arrivals.Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _runningLanes = options.Lanes;
        _lanes = new Thread[options.Lanes];
        for (var i = 0; i < options.Lanes; i++)
        {
            // Threads of their own: the model computes for milliseconds on end, which would starve the pool that serves the network.
            _lanes[i] = new Thread(RunLane) { IsBackground = true, Name = $"StreamGenre lane {i}" };
            _lanes[i].Start();
        }
    }

    /// <summary>What it and its streams count.</summary>
    public PipelineCounters Counters { get; }

    /// <summary>Windows in the queue.</summary>
    public int Queued => _queue.Count;

    /// <summary>Queues one window's turn of a line; waits for room, first come first served.</summary>
    public async ValueTask EnqueueAsync(WindowLine line, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        if (!_queue.TryAdd(line))
        {
            // Whoever waits for room after it finds the same.
            _room.Release();
            throw new ObjectDisposedException(nameof(GenrePipeline), "The pipeline is shutting down.");
        }

        _arrivals.Release();
    }

    /// <summary>Queues one window's turn of a line if there is room.</summary>
    public bool TryEnqueue(WindowLine line)
    {
        if (!_room.Wait(0, CancellationToken.None))
        {
            return false;
        }

        if (!_queue.TryAdd(line))
        {
            _room.Release();
            return false;
        }

        _arrivals.Release();
        return true;
    }

    /// <summary>Takes nothing more, finishes what is queued, and stops the lanes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Close())
        {
            _stopping = true;
            _room.Release();
            _arrivals.Release(_lanes.Length);
        }

        await _stopped.Task;
        await _delayTimer.DisposeAsync();
        _arrivals.Dispose();
        _room.Dispose();
    }

    private void RunLane()
    {
        using var batch = new GatheredBatch(_classifier.Contract, _options, Counters, _time);
        while (Gather(batch))
        {
            batch.Classify(_classifier);
            batch.Deliver();
            ComeBack();
        }

        if (Interlocked.Decrement(ref _runningLanes) == 0)
        {
            _stopped.SetResult();
        }
    }

    /// <summary>Fills the batch by the rules above; false when the batcher stops and nothing is queued.</summary>
    private bool Gather(GatheredBatch batch)
    {
        lock (_gathering)
        {
            while (batch.Count == 0)
            {
                if (_stopping && _queue.Count == 0)
                {
                    return false;
                }

                _arrivals.Wait();
                TakeNext(batch);
            }

            var timerSet = false;
            while (!batch.IsFull)
            {
                if (_arrivals.Wait(0))
                {
                    TakeNext(batch);
                    continue;
                }

                // Said before the lanes at work are counted, so that none comes back unheard in between.
                _waitsForMore = true;
                if (batch.Wait(_lanes.Length, Volatile.Read(ref _lanesAtWork)) is var left && (left <= TimeSpan.Zero || _stopping))
                {
                    break;
                }

                if (!timerSet)
                {
                    timerSet = true;
                    _delayTimer.Change(left, Timeout.InfiniteTimeSpan);
                }

                _arrivals.Wait();
                TakeNext(batch);
            }

            _waitsForMore = false;
            if (timerSet)
            {
                _delayTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            Interlocked.Increment(ref _lanesAtWork);
            return true;
        }
    }

    /// <summary>Moves one queued window into the batch; nothing when the wake-up was none of a window's or the line has been closed since.</summary>
    private void TakeNext(GatheredBatch batch)
    {
        if (_queue.TryTake(out var line))
        {
            _room.Release();
            batch.Take(line);
        }
    }

    private void ComeBack()
    {
        Interlocked.Decrement(ref _lanesAtWork);
        if (_waitsForMore)
        {
            _arrivals.Release();
        }
    }
}

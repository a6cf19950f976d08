using System.Collections.Concurrent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Batching;

/// <summary>A batcher over a <see cref="BandClassifier"/>, its counters, and lines whose windows carry a number.</summary>
internal sealed class LineHarness : IAsyncDisposable
{
    public LineHarness(BatchingOptions options, TimeProvider? time = null)
    {
        options = options.For(Classifier);
        Time = time ?? TimeProvider.System;
        Counters = new PipelineCounters(options.MaxBatch);
        Batcher = new WindowBatcher(Classifier, options, Counters, Time);
    }

    public BandClassifier Classifier { get; } = new(TestContracts.Small);

    public TimeProvider Time { get; }

    public PipelineCounters Counters { get; }

    public WindowBatcher Batcher { get; }

    public PipelineStatistics Statistics => Counters.Snapshot(Batcher.Queued);

    public TestLine Open(OverloadPolicy overload = OverloadPolicy.Block, int capacity = 8, bool readsAtOnce = true)
    {
        Counters.StreamOpened();
        return new TestLine(this, overload, capacity) { ReadsAtOnce = readsAtOnce };
    }

    /// <summary>Keeps a lane at work with a stream of its own until the gate that it returns is set.</summary>
    public async Task<ManualResetEventSlim> OccupyLaneAsync()
    {
        var gate = new ManualResetEventSlim();
        var calls = Classifier.Calls;
        Classifier.Before = _ =>
        {
            if (Classifier.Calls == calls + 1)
            {
                Assert.True(gate.Wait(Until.Patience));
            }
        };
        await Open().SendAsync(0);
        await Until.True(() => Classifier.Calls == calls + 1, "a lane at work");
        return gate;
    }

    public ValueTask DisposeAsync() => Batcher.DisposeAsync();
}

/// <summary>A line and what came out of it.</summary>
internal sealed class TestLine : IWindowSink
{
    private readonly LineHarness _harness;

    public TestLine(LineHarness harness, OverloadPolicy overload, int capacity)
    {
        _harness = harness;
        Line = new WindowLine(harness.Batcher, this, overload, capacity);
    }

    public WindowLine Line { get; }

    /// <summary>Windows in the order in which they came out: their number and scores, null for a silent one.</summary>
    public ConcurrentQueue<(int Number, float[]? Scores)> Done { get; } = new();

    /// <summary>False for a reader that takes no update, so that every window keeps its place.</summary>
    public bool ReadsAtOnce { get; init; } = true;

    public bool Ended { get; private set; }

    public Exception? Error { get; private set; }

    public IEnumerable<int> Numbers => Done.Select(d => d.Number);

    /// <summary>Sends the window of that number; its cells, and so its scores, depend on the number.</summary>
    public ValueTask SendAsync(int number, bool silent = false, CancellationToken cancellationToken = default)
        => Line.SendAsync(Window(number, _harness.Time.GetTimestamp()), silent, cancellationToken);

    public static MelWindow Window(int number, long arrival = 0)
    {
        var contract = TestContracts.Small;
        var window = new MelWindow(contract.PatchCount, contract.Mel.MelBins * contract.PatchFrames)
        {
            Index = number,
            Start = TimeSpan.FromSeconds(number),
            End = TimeSpan.FromSeconds(number + 3),
            ArrivalTimestamp = arrival,
        };
        var random = new Random(number);
        foreach (ref var cell in window.Cells)
        {
            cell = (float)random.NextDouble() + (number % 3);
        }

        return window;
    }

    public static float[] ExpectedScores(int number)
    {
        using var window = Window(number);
        var scores = new float[TestContracts.Small.Labels.Count];
        BandClassifier.Score(window.Cells, scores);
        return scores;
    }

    public void OnDone(PendingWindow window)
    {
        Done.Enqueue(((int)window.Start.TotalSeconds, window.Scores));
        if (ReadsAtOnce)
        {
            ThreadPool.QueueUserWorkItem(_ => Line.ReleasePlace());
        }
    }

    public void OnEnd() => Ended = true;

    public void OnFailed(Exception error) => Error = error;
}

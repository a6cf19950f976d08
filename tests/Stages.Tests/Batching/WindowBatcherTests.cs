using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.Stages.Tests.Batching;

public class WindowBatcherTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Gather_OneStreamAlone_NeverWaits()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxDelay = Delay }, new ManualTimeProvider());
        var line = harness.Open();
        await line.SendAsync(0);
        await Until.True(() => line.Done.Count == 1, "the window, on a clock that stands still");
        Assert.Equal(1, harness.Statistics.BatchSizes[1]);
    }

    [Fact]
    public async Task Gather_LanesAreIdle_NobodyWaitsForOthers()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxDelay = Delay }, new ManualTimeProvider());
        harness.Open();
        var line = harness.Open();
        harness.Open();
        await line.SendAsync(0);
        await Until.True(() => line.Done.Count == 1, "the window, on a clock that stands still");
    }

    [Fact]
    public async Task Gather_EveryOpenStreamHasAWindow_GoesOffBeforeTheDelay()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxDelay = Delay }, new ManualTimeProvider());
        using var gate = await harness.OccupyLaneAsync();
        TestLine[] lines = [harness.Open(), harness.Open(), harness.Open()];
        foreach (var line in lines.Append(lines[0]))
        {
            await line.SendAsync(1);
        }

        await Until.True(() => lines.Sum(l => l.Done.Count) == 4, "as many windows as streams are open, on a clock that stands still");
        Assert.Equal(1, harness.Statistics.BatchSizes[4]);
        gate.Set();
    }

    [Fact]
    public async Task Gather_LastFreeLane_WaitsTheDelayFromTheFirstArrivalAndNoLonger()
    {
        await using var waiting = await WaitingBatch.StartAsync();
        waiting.Time.Advance(Delay / 2);
        await waiting.Second.SendAsync(2);
        await Until.True(() => waiting.Harness.Batcher.Queued == 0, "the second window to join");
        waiting.Time.Advance((Delay / 2) - TimeSpan.FromTicks(1));
        Assert.Equal(1, waiting.Harness.Classifier.Calls);
        waiting.Time.Advance(TimeSpan.FromTicks(1));
        await Until.True(() => waiting.First.Done.Count + waiting.Second.Done.Count == 2, "both windows once the delay is over");
        Assert.Equal(1, waiting.Harness.Statistics.BatchSizes[2]);
    }

    [Fact]
    public async Task Gather_AnotherLaneComesBack_WaitsNoLonger()
    {
        await using var waiting = await WaitingBatch.StartAsync();
        waiting.OtherLane.Set();
        await Until.True(() => waiting.First.Done.Count == 1, "the window, on a clock that stands still");
    }

    [Fact]
    public async Task Gather_StreamThatSendsAsFastAsItGoesBesideAnIdleOne_NeverWaits()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxDelay = Delay }, new ManualTimeProvider());
        using var gate = await harness.OccupyLaneAsync();
        var eager = harness.Open(capacity: 5);
        for (var i = 0; i < 50; i++)
        {
            await eager.SendAsync(i).AsTask().WaitAsync(Until.Patience);
        }

        // The last few may wait for the delay, since their sender no longer waits for them; all before them went off on a clock that stands still.
        Assert.True(eager.Done.Count >= 45, $"{eager.Done.Count} of 50 windows done");
        gate.Set();
    }

    [Fact]
    public async Task Gather_EagerStreamBesideAnother_TheyTakeTurns()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1, MaxBatch = 1 });
        using var gate = new ManualResetEventSlim();
        var order = new List<int>();
        harness.Classifier.Before = batch =>
        {
            Assert.True(gate.Wait(Until.Patience));
            order.Add((int)batch.Window(0)[0]); // number mod 3
        };
        var eager = harness.Open(capacity: 8);
        var other = harness.Open();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await eager.SendAsync(3 * i);
            }
        });
        await Until.True(() => eager.Line.IsFull && harness.Batcher.Queued == 7, "the eager stream to use up its places");
        await other.SendAsync(2);
        gate.Set();
        await sending.WaitAsync(Until.Patience);
        await Until.True(() => eager.Done.Count == 10 && other.Done.Count == 1, "all windows");

        // One was with the lane, one was next; the other five that queued before it come after it.
        Assert.Equal(2, order.IndexOf(2));
    }

    [Fact]
    public async Task Gather_WindowsCameWhileTheOnlyLaneWorked_TakesThemTogetherAtOnce()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1, MaxDelay = Delay }, new ManualTimeProvider());
        using var gate = await harness.OccupyLaneAsync();
        TestLine[] lines = [.. Enumerable.Range(0, 9).Select(_ => harness.Open())];
        foreach (var line in lines[1..6])
        {
            await line.SendAsync(1);
        }

        gate.Set();
        await Until.True(() => lines[1..6].All(l => l.Done.Count == 1), "five windows without a delay");
        Assert.Equal(1, harness.Statistics.BatchSizes[5]);
    }

    [Fact]
    public async Task Gather_ManyQueued_NoBatchIsLargerThanTheLimit()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxBatch = 8, QueueCapacity = 100 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var line = harness.Open(capacity: 100);
        for (var i = 0; i < 100; i++)
        {
            await line.SendAsync(i);
        }

        gate.Set();
        await Until.True(() => line.Done.Count == 100, "all windows");
        var sizes = harness.Statistics.BatchSizes;
        Assert.Equal(9, sizes.Count);
        Assert.Equal(100, sizes.Select((count, size) => count * size).Sum());
        Assert.True(sizes[8] >= 10, $"what queued up fills whole batches: {string.Join(' ', sizes)}");
    }

    [Fact]
    public async Task Classify_ClassifierThrows_FailsTheBatchsStreamsAndServesTheOthers()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1, MaxBatch = 1 });
        harness.Classifier.Before = batch =>
        {
            if (batch.Window(0)[0] >= 2)
            {
                throw new InvalidOperationException("no memory on the device");
            }
        };
        var bad = harness.Open();
        var good = harness.Open();
        await bad.SendAsync(0);
        await bad.SendAsync(2); // cells of number 2 lie above 2
        await good.SendAsync(1);
        await Until.True(() => bad.Error is not null && good.Done.Count == 1, "one failure, one window");
        var error = Assert.IsType<ClassificationException>(bad.Error);
        Assert.Contains("window at 2 s could not be classified: no memory on the device", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClassificationException>(() => bad.SendAsync(3).AsTask());
        await good.SendAsync(3);
        await Until.True(() => good.Done.Count == 2, "the lane to go on");
        Assert.Null(good.Error);
    }

    [Fact]
    public async Task Classify_ScoresOfOneWindowAreNotNumbers_FailsOnlyItsStream()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        using var gate = await harness.OccupyLaneAsync();
        var bad = harness.Open();
        var good = harness.Open();
        var window = TestLine.Window(0);
        window.Cells[5] = float.NaN;
        await bad.Line.SendAsync(window, silent: false, default);
        await good.SendAsync(1);
        gate.Set();
        await Until.True(() => bad.Error is not null && good.Done.Count == 1, "one failure, one window");
        Assert.Equal(1, harness.Statistics.BatchSizes[2]);
        Assert.Contains("check the audio for NaN", bad.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_WindowsQueued_FinishesThemFirst()
    {
        var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxBatch = 4 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var line = harness.Open(capacity: 64);
        for (var i = 0; i < 50; i++)
        {
            await line.SendAsync(i);
        }

        var stopped = harness.DisposeAsync();
        gate.Set();
        await stopped;
        Assert.Equal(Enumerable.Range(0, 50), line.Numbers);
    }

    /// <summary>Two lanes, one of them at work; the other has gathered one window of three streams and waits for more, on a clock of the test's.</summary>
    private sealed class WaitingBatch : IAsyncDisposable
    {
        private WaitingBatch(ManualTimeProvider time, LineHarness harness, ManualResetEventSlim otherLane)
        {
            (Time, Harness, OtherLane) = (time, harness, otherLane);
            (First, Second) = (harness.Open(), harness.Open());
            harness.Open();
        }

        public ManualTimeProvider Time { get; }

        public LineHarness Harness { get; }

        public ManualResetEventSlim OtherLane { get; }

        public TestLine First { get; }

        public TestLine Second { get; }

        public static async Task<WaitingBatch> StartAsync()
        {
            var time = new ManualTimeProvider();
            var harness = new LineHarness(new BatchingOptions { Lanes = 2, MaxDelay = Delay }, time);
            var waiting = new WaitingBatch(time, harness, await harness.OccupyLaneAsync());
            await waiting.First.SendAsync(1);
            await Until.True(() => time.ArmedTimers == 1, "the delay's timer");
            return waiting;
        }

        public async ValueTask DisposeAsync()
        {
            OtherLane.Set();
            await Harness.DisposeAsync();
            OtherLane.Dispose();
        }
    }
}

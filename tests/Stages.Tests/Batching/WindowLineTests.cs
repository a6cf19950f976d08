using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.Stages.Tests.Batching;

public class WindowLineTests
{
    [Fact]
    public void SendAsync_ManyStreamsOverSeveralLanesOfUnevenSpeed_EveryWindowComesOnceInOrderWithItsOwnScores()
    {
        var cases = from seed in Gen.Choose(0, int.MaxValue - 1)
                    from lanes in Gen.Choose(1, 4)
                    from maxBatch in Gen.Choose(1, 6)
                    from streams in Gen.Choose(1, 6)
                    from capacity in Gen.Choose(1, 9)
                    from queue in Gen.Choose(1, 10)
                    select (seed, lanes, maxBatch, streams, capacity, queue);
        Prop.ForAll(cases.ToArbitrary(), c => RunStreamsAsync(c.seed, c.lanes, c.maxBatch, c.streams, c.capacity, c.queue).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public async Task SendAsync_DropOldestWhileTheModelIsBusy_KeepsTheNewestAndCountsTheRest()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var line = harness.Open(OverloadPolicy.DropOldest, capacity: 4);
        await line.SendAsync(0);
        await Until.True(() => harness.Classifier.Calls == 1, "the lane to take the first window");
        for (var i = 1; i <= 10; i++)
        {
            Assert.True(line.SendAsync(i).AsTask().IsCompletedSuccessfully);
        }

        Assert.Equal(7, line.Line.Dropped);
        line.Line.End();
        gate.Set();
        await Until.True(() => line.Ended, "the end");
        Assert.Equal([0, 8, 9, 10], line.Numbers);
        Assert.Equal(7, harness.Statistics.DroppedWindows);
    }

    [Fact]
    public async Task SendAsync_DropOldestWithTheSharedQueueFull_ReplacesTheStreamsOwnWaitingWindow()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1, MaxBatch = 1, QueueCapacity = 2 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var other = harness.Open();
        await other.SendAsync(0);
        await Until.True(() => harness.Classifier.Calls == 1, "the lane to take the other's window");
        await other.SendAsync(1);
        var line = harness.Open(OverloadPolicy.DropOldest);
        var late = harness.Open(OverloadPolicy.DropOldest);
        await line.SendAsync(0);
        await line.SendAsync(1);
        await line.SendAsync(2);
        await late.SendAsync(5); // nothing of its own waits, so it is the one to go
        Assert.Equal(2, line.Line.Dropped);
        Assert.Equal(1, late.Line.Dropped);
        gate.Set();
        await Until.True(() => other.Done.Count == 2 && line.Done.Count == 1, "what was not dropped");
        Assert.Equal([2], line.Numbers);
        await late.SendAsync(6);
        await Until.True(() => late.Done.Count == 1, "room again");
        Assert.Equal([6], late.Numbers);
    }

    [Fact]
    public async Task SendAsync_DropOldestWithAReaderThatReadsNothing_StillNeverWaits()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        var line = harness.Open(OverloadPolicy.DropOldest, capacity: 3, readsAtOnce: false);
        for (var i = 0; i < 3; i++)
        {
            await line.SendAsync(i);
        }

        await Until.True(() => line.Done.Count == 3, "three updates that nobody reads");
        for (var i = 3; i < 10; i++)
        {
            Assert.True(line.SendAsync(i, silent: i % 2 == 0).AsTask().IsCompletedSuccessfully);
        }

        Assert.Equal(7, line.Line.Dropped);
        Assert.Equal([0, 1, 2], line.Numbers);
    }

    [Fact]
    public async Task SendAsync_BlockWithNoPlaceFree_WaitsForTheReader()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        var line = harness.Open(capacity: 2, readsAtOnce: false);
        await line.SendAsync(0);
        await line.SendAsync(1);
        await Until.True(() => line.Done.Count == 2, "two updates that nobody reads");
        var third = line.SendAsync(2).AsTask();
        Assert.False(third.IsCompleted);
        line.Line.ReleasePlace();
        await third.WaitAsync(Until.Patience);
        await Until.True(() => line.Done.Count == 3, "the third window");
        Assert.Equal(0, line.Line.Dropped);
    }

    [Fact]
    public async Task SendAsync_SilentWindowBehindOneInTheModel_KeepsItsTurn()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var line = harness.Open();
        await line.SendAsync(0);
        await line.SendAsync(1, silent: true);
        await line.SendAsync(2);
        Assert.Empty(line.Done);
        gate.Set();
        await Until.True(() => line.Done.Count == 3, "all three");
        Assert.Equal([0, 1, 2], line.Numbers);
        Assert.Equal([false, true, false], line.Done.Select(d => d.Scores is null));
    }

    [Fact]
    public async Task SendAsync_CancelledWhileWaiting_EndsTheLine()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1 });
        var line = harness.Open(capacity: 1, readsAtOnce: false);
        await line.SendAsync(0);
        using var cancel = new CancellationTokenSource();
        var second = line.SendAsync(1, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.IsAssignableFrom<OperationCanceledException>(line.Error);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => line.SendAsync(2).AsTask());
    }

    [Fact]
    public async Task Dispose_WriterWaitsAndWindowsAreQueued_LetsGoOfAll()
    {
        await using var harness = new LineHarness(new BatchingOptions { Lanes = 1, MaxBatch = 1 });
        using var gate = new ManualResetEventSlim();
        harness.Classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        var line = harness.Open(capacity: 3);
        for (var i = 0; i < 3; i++)
        {
            await line.SendAsync(i);
        }

        var waiting = line.SendAsync(3).AsTask();
        line.Line.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Until.Patience));
        gate.Set();
        var next = harness.Open();
        await next.SendAsync(4);
        await Until.True(() => next.Done.Count == 1, "the lane to go on");
        Assert.Empty(line.Done);
        Assert.Null(line.Error);
    }

    private static async Task RunStreamsAsync(int seed, int lanes, int maxBatch, int streams, int capacity, int queue)
    {
        const int Windows = 60;
        await using var harness = new LineHarness(
            new BatchingOptions { Lanes = lanes, MaxBatch = maxBatch, QueueCapacity = queue, MaxDelay = TimeSpan.Zero });
        harness.Classifier.Before = batch => Thread.SpinWait(Random.Shared.Next(20_000));
        TestLine[] lines = [.. Enumerable.Range(0, streams).Select(_ => harness.Open(capacity: capacity))];
        await Task.WhenAll(lines.Select((line, s) => Task.Run(async () =>
        {
            var random = new Random(seed + s);
            for (var i = 0; i < Windows; i++)
            {
                await line.SendAsync(i, silent: random.Next(5) == 0);
                if (random.Next(4) == 0)
                {
                    await Task.Yield();
                }
            }

            line.Line.End();
        }))).WaitAsync(Until.Patience);
        await Until.True(() => lines.All(l => l.Ended), "every stream's end");
        foreach (var line in lines)
        {
            Assert.Null(line.Error);
            Assert.Equal(Enumerable.Range(0, Windows), line.Numbers);
            foreach (var (number, scores) in line.Done)
            {
                Assert.True(scores is null || scores.AsSpan().SequenceEqual(TestLine.ExpectedScores(number)), $"scores of window {number}");
            }
        }

        var statistics = harness.Statistics;
        Assert.Equal(lines.Sum(l => l.Done.Count(d => d.Scores is not null)), statistics.ClassifiedWindows);
        Assert.Equal(statistics.ClassifiedWindows, statistics.BatchSizes.Select((count, size) => count * size).Sum());
    }
}

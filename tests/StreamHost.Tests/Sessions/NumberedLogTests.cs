using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Tests.Sessions;

public sealed class NumberedLogTests
{
    [Fact]
    public async Task Read_FromHistory_GivesAllThatIsHeldThenEnds()
    {
        var log = Filled(capacity: 10, updates: 4);
        log.Complete();
        using var subscription = new Subscription(log, next: 2, maxLag: 1, () => { });
        Assert.Equal([(2L, 0L), (3L, 0L), (4L, 0L)], await AllAsync(subscription));
    }

    [Fact]
    public async Task Read_HistoryForgotten_StartsAtTheOldestAndCounts()
    {
        var log = Filled(capacity: 3, updates: 10);
        log.Complete();
        using var subscription = new Subscription(log, next: 1, maxLag: 1, () => { });
        Assert.Equal([(8L, 7L), (9L, 0L), (10L, 0L)], await AllAsync(subscription));
        Assert.Equal((8L, 10L), (log.First, log.Last));
    }

    [Fact]
    public async Task Read_CaughtUpThenSlow_IsMovedToTheNewestAndCounts()
    {
        var log = Filled(capacity: 100, updates: 1);
        using var subscription = new Subscription(log, next: 1, maxLag: 3, () => { });
        Assert.Equal(0, (await subscription.ReadAsync(default))!.Value.Missed);
        var waiting = subscription.ReadAsync(default).AsTask();
        Assert.False(waiting.IsCompleted);
        Append(log, 20);
        var (first, missed) = (await waiting)!.Value;
        log.Complete();

        // It was woken by the second update and read whenever it ran; from there at most three are left.
        Assert.Equal(first.Sequence, 2 + missed);
        var rest = await AllAsync(subscription);
        Assert.Equal(21, first.Sequence + rest.Sum(item => 1 + item.Missed));
        Assert.InRange(rest.Count, 0, 3);
    }

    [Fact]
    public async Task Read_Cancelled_StopsWaiting()
    {
        using var subscription = new Subscription(new NumberedLog<GenreUpdate>(4), next: 1, maxLag: 1, () => { });
        using var cancel = new CancellationTokenSource();
        var waiting = subscription.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Dispose_Twice_TellsOnce()
    {
        var told = 0;
        var subscription = new Subscription(new NumberedLog<GenreUpdate>(4), next: 1, maxLag: 1, () => told++);
        subscription.Dispose();
        subscription.Dispose();
        Assert.Equal(1, told);
    }

    private static NumberedLog<GenreUpdate> Filled(int capacity, int updates)
    {
        var log = new NumberedLog<GenreUpdate>(capacity);
        Append(log, updates);
        return log;
    }

    private static void Append(NumberedLog<GenreUpdate> log, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            log.Append(PlainUpdate.Of("s", log.Last + 1));
        }
    }

    private static async Task<List<(long Sequence, long Missed)>> AllAsync(Subscription subscription)
    {
        var all = new List<(long, long)>();
        while (await subscription.ReadAsync(default) is var (update, missed))
        {
            all.Add((update.Sequence, missed));
        }

        return all;
    }
}

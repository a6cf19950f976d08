using FsCheck;
using FsCheck.Fluent;
using StreamGenre.StreamHost.History.Postgres;

namespace StreamGenre.StreamHost.Tests.History.Postgres;

public sealed class RowBufferTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_AnyTurnsOfAddingTakingAndWriting_LosesOnlyTheOldestThatFindNoPlace()
    {
        // 0..7 adds so many rows, 8 takes a batch, 9 says that it is written.
        var cases = from capacity in Gen.Choose(1, 12) from most in Gen.Choose(1, 8) from turns in Gen.Choose(0, 9).ListOf() select (capacity, most, turns);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var buffer = new RowBuffer(x.capacity);
            var rows = new Rows();
            var (waiting, taken, dropped) = (new List<HistoryRow>(), new List<HistoryRow>(), 0);
            foreach (var turn in x.turns)
            {
                if (turn == 8)
                {
                    var more = Math.Min(x.most - taken.Count, waiting.Count);
                    taken.AddRange(waiting[..more]);
                    waiting.RemoveRange(0, more);
                    Assert.Equal(taken, buffer.Take(x.most));
                }
                else if (turn == 9)
                {
                    taken.Clear();
                    buffer.Written();
                }

                foreach (var row in turn < 8 ? rows.Take(turn, Noon) : [])
                {
                    buffer.Add(row);
                    waiting.Add(row);
                    if (waiting.Count + taken.Count > x.capacity)
                    {
                        waiting.RemoveAt(0);
                        dropped++;
                    }
                }

                Assert.Equal((waiting.Count + taken.Count, dropped), (buffer.Count, (int)buffer.Dropped));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public async Task WaitAsync_RowsComeLater_EndsWithThem()
    {
        var buffer = new RowBuffer(10);
        var waiting = buffer.WaitAsync(default);
        Assert.False(waiting.IsCompleted);
        buffer.Add(new HistoryRow(new Rows().Change(Noon), null));
        await waiting.WaitAsync(Hosting.Eventually.Patience);
        Assert.True(buffer.WaitAsync(default).IsCompletedSuccessfully);
    }
}

using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Reports;

public class LineProgressTests
{
    [Fact]
    public void Step_LongEpoch_SaysOnceAMinuteHowLongItTakes()
    {
        var time = new SteppedTime();
        using var output = new StringWriter();
        var progress = new LineProgress(output, time);

        for (var step = 1; step <= 10; step++)
        {
            progress.Step(step, 100, 2.5, 0.25);
            time.Now += TimeSpan.FromSeconds(20);
        }

        Assert.Equal(
            ["step 4/100  loss 2.500  accuracy 0.250  32:00 left", "step 7/100  loss 2.500  accuracy 0.250  31:00 left", "step 10/100  loss 2.500  accuracy 0.250  30:00 left"],
            output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public void Epoch_HoursLeft_SaysThem() => Assert.Equal(
        "epoch 2/10  loss 1.500  accuracy 0.500  2:13:20 left",
        LineProgress.Line(new EpochMetrics(2, 1.5, 0.5, 0.1, 2000, []), 10));

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}

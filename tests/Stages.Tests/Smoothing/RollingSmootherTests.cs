using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Stages.Tests.Smoothing;

public class RollingSmootherTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Add_MeanOverLongRandomRuns_EqualsTheDefinition() => CheckAgainstDefinition(SmoothingMode.Mean, Mean);

    [Fact]
    public void Add_LogMeanOverLongRandomRuns_EqualsTheDefinition() => CheckAgainstDefinition(SmoothingMode.LogMean, LogMean);

    [Fact]
    public void Add_ExponentialOverLongRandomRuns_EqualsTheDefinition() => CheckAgainstDefinition(SmoothingMode.Exponential, Exponential);

    [Fact]
    public void Add_MillionsOfWindows_DoesNotDrift()
    {
        var smoother = new RollingSmoother(new SmoothingOptions { Window = TimeSpan.FromSeconds(30) }, 2, Second);
        var random = new Random(5);
        var last = new Queue<float>();
        var rolling = 0f;
        for (var i = 1; i < 2_000_000; i++)
        {
            // Scores of very different size: what subtraction would leave behind of a large one swamps a small one.
            var score = i % 1000 < 500 ? 1f : (float)(random.NextDouble() * 1e-12);
            last.Enqueue(score);
            if (last.Count > 30)
            {
                last.Dequeue();
            }

            rolling = smoother.Add(Second * (i - 1), Second * i, [score, 1 - score])[0];
        }

        Assert.Equal(last.Average(s => (double)s), rolling, 1e-18);
    }

    [Theory]
    [InlineData(1, 3, 28)]
    [InlineData(3, 3, 10)]
    [InlineData(10, 3, 4)]
    [InlineData(0.5, 3, 55)]
    public void IsWarm_WindowsWithoutGaps_TurnsTrueWhenTheSpanIsCovered(double hopSeconds, double windowSeconds, int windowsNeeded)
    {
        var hop = TimeSpan.FromSeconds(hopSeconds);
        var smoother = new RollingSmoother(new SmoothingOptions(), 2, hop);
        for (var i = 1; i <= 200; i++)
        {
            smoother.Add(hop * (i - 1), (hop * (i - 1)) + TimeSpan.FromSeconds(windowSeconds), [0.5f, 0.5f]);
            Assert.Equal(i >= windowsNeeded, smoother.IsWarm);
            Assert.True(smoother.SmoothedDuration <= TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public void SmoothedDuration_FirstWindows_CountsOverlapOnce()
    {
        var smoother = new RollingSmoother(new SmoothingOptions(), 2, Second);
        var durations = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            smoother.Add(Second * i, Second * (i + 3), [1, 0]);
            durations.Add(smoother.SmoothedDuration.TotalSeconds);
        }

        Assert.Equal([3, 4, 5, 6], durations);
    }

    [Fact]
    public void Skip_SilenceInTheMiddle_TakesItsSecondsOff()
    {
        var smoother = new RollingSmoother(new SmoothingOptions(), 2, Second);
        for (var i = 0; i < 40; i++)
        {
            smoother.Add(Second * i, Second * (i + 3), [1, 0]);
        }

        Assert.Equal(30, smoother.SmoothedDuration.TotalSeconds);
        for (var i = 40; i < 50; i++)
        {
            smoother.Skip(Second * (i + 3));
        }

        Assert.Equal(20, smoother.SmoothedDuration.TotalSeconds);
        Assert.False(smoother.IsWarm);
        smoother.Add(Second * 50, Second * 53, [0, 1]);
        Assert.Equal(22, smoother.SmoothedDuration.TotalSeconds); // one second aged out, three came in
    }

    [Theory]
    [InlineData(SmoothingMode.Mean)]
    [InlineData(SmoothingMode.Exponential)]
    [InlineData(SmoothingMode.LogMean)]
    public void Skip_SilenceAsLongAsTheWindow_ForgetsEverything(SmoothingMode mode)
    {
        var smoother = new RollingSmoother(new SmoothingOptions { Mode = mode, Window = TimeSpan.FromSeconds(10) }, 2, Second);
        smoother.Add(TimeSpan.Zero, Second * 3, [1, 0]);
        Assert.Equal(1, smoother.Skip(Second * 3)[0], 1e-6);
        Assert.Equal(0.75, smoother.Skip(Second * 5.5)[0], 1e-6);
        Assert.Equal(0.0001, smoother.Skip(Second * 12.999)[0], 1e-6);
        Assert.True(smoother.Skip(Second * 13).IsEmpty);
        Assert.False(smoother.HasScores);
        Assert.Equal(TimeSpan.Zero, smoother.SmoothedDuration);
        Assert.Equal([0, 1], smoother.Add(Second * 20, Second * 23, [0, 1]).ToArray().Select(s => MathF.Round(s, 5)));
    }

    [Fact]
    public void Add_LogMeanOfIndependentProbabilities_IsNotMadeToSumToOne()
    {
        var smoother = new RollingSmoother(new SmoothingOptions { Mode = SmoothingMode.LogMean }, 2, Second, sumToOne: false);
        smoother.Add(TimeSpan.Zero, Second * 3, [0.9f, 0.8f]);
        var rolling = smoother.Add(Second, Second * 4, [0.1f, 0.2f]);
        Assert.Equal(0.3, rolling[0], 1e-5);
        Assert.Equal(0.4, rolling[1], 1e-5);
    }

    [Fact]
    public void Add_WrongNumberOfScores_Throws()
    {
        var smoother = new RollingSmoother(new SmoothingOptions(), 3, Second);
        var error = Assert.Throws<ArgumentException>(() => smoother.Add(TimeSpan.Zero, Second, [1, 0]).Length);
        Assert.Contains("2 scores; this smoother takes 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_EverythingWrong_ListsAll()
    {
        var errors = new SmoothingOptions { Mode = (SmoothingMode)9, Window = TimeSpan.FromSeconds(601) }.Errors();
        Assert.Equal(2, errors.Count);
        Assert.Contains("601 s; it must be 1..600 s", errors[1], StringComparison.Ordinal);
        Assert.Empty(new SmoothingOptions { Window = TimeSpan.FromSeconds(600) }.Errors());
    }

    /// <summary>Random hops, window spans, silences and probabilities, several thousand windows a run.</summary>
    private static void CheckAgainstDefinition(SmoothingMode mode, Func<List<Heard>, TimeSpan, TimeSpan, double[]> definition)
    {
        var cases = from seed in Gen.Choose(0, int.MaxValue - 1)
                    from hopTenths in Gen.Choose(1, 100)
                    from spanSeconds in Gen.Choose(1, 60)
                    from labels in Gen.Choose(2, 12)
                    select (seed, hopTenths, spanSeconds, labels);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var (seed, hopTenths, spanSeconds, labels) = x;
            var random = new Random(seed);
            var hop = TimeSpan.FromSeconds(hopTenths / 10.0);
            var span = TimeSpan.FromSeconds(spanSeconds);
            var smoother = new RollingSmoother(new SmoothingOptions { Mode = mode, Window = span }, labels, hop);
            var heard = new List<Heard>();
            for (var i = 0; i < 2000; i++)
            {
                var start = hop * i;
                var end = start + TimeSpan.FromSeconds(3);
                float[] rolling;
                if (random.NextDouble() < 0.2)
                {
                    rolling = smoother.Skip(end).ToArray();
                }
                else
                {
                    var scores = RandomProbabilities(random, labels);
                    heard.Add(new Heard(end, scores));
                    rolling = smoother.Add(start, end, scores).ToArray();
                }

                heard.RemoveAll(h => mode != SmoothingMode.Exponential && h.End <= end - span);
                if (i % 50 != 0)
                {
                    continue;
                }

                var inSpan = heard.Exists(h => h.End > end - span);
                Assert.Equal(inSpan, rolling.Length > 0);
                if (inSpan)
                {
                    // Silence since the last window takes away as much as it fills of the span.
                    var left = 1 - ((end - heard[^1].End) / span);
                    var expected = definition(heard, end, span);
                    for (var label = 0; label < labels; label++)
                    {
                        Assert.Equal(expected[label] * left, rolling[label], 1e-6);
                    }

                    Assert.Equal(left, rolling.Sum(r => (double)r), 1e-5);
                }
                else
                {
                    heard.Clear(); // a silence that long starts afresh
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private static double[] Mean(List<Heard> heard, TimeSpan now, TimeSpan span)
        => PerLabel(heard, l => heard.Average(h => (double)h.Scores[l]));

    private static double[] LogMean(List<Heard> heard, TimeSpan now, TimeSpan span)
    {
        var geometric = PerLabel(heard, l => Math.Exp(heard.Average(h => Math.Log(h.Scores[l] + 1e-7))));
        return [.. geometric.Select(g => g / geometric.Sum())];
    }

    private static double[] Exponential(List<Heard> heard, TimeSpan now, TimeSpan span)
    {
        // Only after a gap of a whole span does the smoother forget what came before it.
        var since = 0;
        for (var i = 1; i < heard.Count; i++)
        {
            if (heard[i].End - heard[i - 1].End >= span)
            {
                since = i;
            }
        }

        var kept = heard.Skip(since).ToList();
        double Weight(Heard h) => Math.Exp(-(now - h.End).TotalSeconds / (span.TotalSeconds / 3));
        var total = kept.Sum(Weight);
        return PerLabel(kept, l => kept.Sum(h => Weight(h) * h.Scores[l]) / total);
    }

    private static double[] PerLabel(List<Heard> heard, Func<int, double> value) => [.. Enumerable.Range(0, heard[0].Scores.Length).Select(value)];

    private static float[] RandomProbabilities(Random random, int labels)
    {
        var weights = Enumerable.Range(0, labels).Select(_ => Math.Exp(8 * random.NextDouble())).ToArray();
        return [.. weights.Select(w => (float)(w / weights.Sum()))];
    }

    private sealed record Heard(TimeSpan End, float[] Scores);
}

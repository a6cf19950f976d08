using System.Buffers;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Audio;

public sealed class ResamplerTests
{
    /// <summary>The usual rates to both models' rates, and two ratios too odd for a table of exact positions.</summary>
    public static TheoryData<int, int> Rates
    {
        get
        {
            var rates = new TheoryData<int, int> { { 44_101, 22_050 }, { 8_001, 22_050 } };
            foreach (var input in new[] { 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000 })
            {
                foreach (var output in new[] { 16_000, 22_050 })
                {
                    if (input != output)
                    {
                        rates.Add(input, output);
                    }
                }
            }

            return rates;
        }
    }

    /// <summary>Those that have something to stop.</summary>
    public static IEnumerable<object[]> DownwardRates => Rates.Where(rates => (int)rates[0] > (int)rates[1]);

    [Theory]
    [MemberData(nameof(Rates))]
    public void Push_PassBandSweep_KeepsLevelAndPhaseAndAddsNothing(int input, int output)
    {
        var nyquist = Math.Min(input, output) / 2.0;
        foreach (var part in new[] { 0.01, 0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.85, 0.9 })
        {
            var frequency = part * nyquist;
            var y = Resample(input, output, Sine(frequency, input, input / 4), [4096]);
            var (amplitude, phase, rest) = Fit(y, frequency, output);

            Assert.True(Math.Abs(20 * Math.Log10(amplitude)) < 0.1, $"{frequency} Hz comes out at {20 * Math.Log10(amplitude)} dB");
            Assert.True(Math.Abs(phase) < 1e-3, $"{frequency} Hz comes out {phase} rad late");
            Assert.True(rest < -80, $"images of {frequency} Hz lie at {rest} dB");
        }
    }

    // Upwards nothing lies above the input's own half rate; the images there are looked for in the pass-band sweep.
    [Theory]
    [MemberData(nameof(DownwardRates))]
    public void Push_StopBandSweep_LeavesNothing(int input, int output)
    {
        for (var part = 1.0; part * output <= input; part += 0.043)
        {
            var frequency = part * output / 2;
            var y = Resample(input, output, Sine(frequency, input, input / 4), [4096]);
            var power = Middle(y).Average(v => (double)v * v) * 2;
            Assert.True(10 * Math.Log10(power) < -80, $"{frequency} Hz comes through at {10 * Math.Log10(power)} dB");
        }
    }

    [Theory]
    [InlineData(44_100, 22_050, 44_100)]
    [InlineData(48_000, 22_050, 12_345)]
    [InlineData(8_000, 22_050, 1)]
    [InlineData(192_000, 16_000, 777)]
    [InlineData(44_101, 22_050, 4_096)]
    [InlineData(22_050, 22_050, 321)]
    [InlineData(16_000, 22_050, 0)]
    public void Flush_AnyLength_TotalIsTheRoundedShare(int input, int output, int count)
        => Assert.Equal(
            (int)Math.Floor(((double)count * output / input) + 0.5),
            Resample(input, output, new float[count], [1000]).Length);

    [Theory]
    [InlineData(44_100, 22_050)]
    [InlineData(48_000, 16_000)]
    [InlineData(11_025, 16_000)]
    public void Flush_Impulse_ComesOutAtItsOwnTime(int input, int output)
    {
        var x = new float[input];
        x[input / 2] = 1;

        var y = Resample(input, output, x, [999]);

        Assert.Equal(output / 2, Array.IndexOf(y, y.Max()), 1.0);
    }

    [Fact]
    public void Push_EqualRates_GivesTheSamplesThemselves()
    {
        var x = Sine(440, 22_050, 500);

        Assert.True(new Resampler(22_050, 22_050).IsPassThrough);
        Assert.Equal(x, Resample(22_050, 22_050, x, [7]));
    }

    [Theory]
    [InlineData(44_100, 22_050)]
    [InlineData(48_000, 22_050)]
    [InlineData(8_000, 16_000)]
    [InlineData(44_101, 22_050)]
    public void Push_AnyChunking_EqualsOneChunk(int input, int output)
    {
        var random = new Random(2);
        var x = new float[12_000];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = random.NextSingle() - 0.5f;
        }

        var whole = Resample(input, output, x, [x.Length]);

        Chunks.CheckAny(6_000, 30, lengths => Resample(input, output, x, lengths).AsSpan().SequenceEqual(whole));
    }

    [Theory]
    [InlineData(7_999)]
    [InlineData(192_001)]
    public void Constructor_RateOutOfRange_Throws(int rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(rate, 16_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(16_000, rate));
    }

    private static float[] Sine(double frequency, int rate, int count)
        => [.. Enumerable.Range(0, count).Select(n => (float)Math.Sin(2 * Math.PI * frequency * n / rate))];

    private static float[] Resample(int input, int output, float[] x, int[] lengths)
    {
        var resampler = new Resampler(input, output);
        var y = new ArrayBufferWriter<float>();
        foreach (var range in Chunks.Cut(x.Length, lengths))
        {
            resampler.Push(x.AsSpan(range), y);
        }

        resampler.Flush(y);
        Assert.Equal(resampler.OutputCount, y.WrittenCount);
        return y.WrittenSpan.ToArray();
    }

    private static ArraySegment<float> Middle(float[] y) => new(y, y.Length / 4, y.Length / 2);

    // Least squares of a·sin + b·cos over the steady middle; what is left over, in dB under a full sine.
    private static (double Amplitude, double Phase, double RestDb) Fit(float[] y, double frequency, int rate)
    {
        var middle = Middle(y);
        var (ss, sc, cc, ys, yc) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < middle.Count; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequency * (middle.Offset + i) / rate);
            (ss, sc, cc) = (ss + (sin * sin), sc + (sin * cos), cc + (cos * cos));
            (ys, yc) = (ys + (middle[i] * sin), yc + (middle[i] * cos));
        }

        var determinant = (ss * cc) - (sc * sc);
        var a = ((ys * cc) - (yc * sc)) / determinant;
        var b = ((yc * ss) - (ys * sc)) / determinant;
        var rest = 0.0;
        for (var i = 0; i < middle.Count; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequency * (middle.Offset + i) / rate);
            var difference = middle[i] - (a * sin) - (b * cos);
            rest += difference * difference;
        }

        return (Math.Sqrt((a * a) + (b * b)), Math.Atan2(b, a), 10 * Math.Log10(2 * rest / middle.Count));
    }
}

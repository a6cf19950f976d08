using System.Buffers;
using System.Globalization;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Mel;

public sealed class MelSpectrogramTests
{
    [Theory]
    [MemberData(nameof(MelConfigs.Names), MemberType = typeof(MelConfigs))]
    public void Compute_Energies_EqualNumpysFftInDoublePrecision(string config)
    {
        var options = MelConfigs.ByName[config];
        var energies = MelSpectrogram.Compute(options, Signal(options.SampleRateHz), takeLog: false);
        var rows = GoldenTable.Read("melspec.csv").Where(row => row[0] == config).ToArray();
        Assert.NotEmpty(rows);

        Assert.Equal(int.Parse(rows[^1][1], CultureInfo.InvariantCulture), (energies.Length / options.MelBins) - 1);
        foreach (var row in rows)
        {
            var cell = (int.Parse(row[1], CultureInfo.InvariantCulture) * options.MelBins) + int.Parse(row[2], CultureInfo.InvariantCulture);
            var expected = double.Parse(row[3], CultureInfo.InvariantCulture);
            Assert.Equal(expected, energies[cell], 1e-4 * expected);
        }
    }

    [Fact]
    public void Compute_ReferenceSignal_EqualsLibrosasPowerAndDecibelsWhereTheDataIsAtHand()
    {
        var options = new MelOptions { HopSamples = 512 };
        if (SharedData.Path("data", "reference-mel") is not { } folder)
        {
            AssertMatchesNaiveDft(options);
            return;
        }

        var samples = NpyArray.Read(Path.Combine(folder, "pcm.npy")).ToSingles();
        var power = NpyArray.Read(Path.Combine(folder, "melspec_power.npy"));
        var decibels = NpyArray.Read(Path.Combine(folder, "melspec_db.npy"));
        var frames = power.Shape[1];

        var energies = MelSpectrogram.Compute(options, samples, takeLog: false);
        var logarithms = MelSpectrogram.Compute(options, samples);

        Assert.Equal(frames * options.MelBins, energies.Length);
        var maximum = logarithms.Max();
        for (var i = 0; i < power.Values.Length; i++)
        {
            var cell = (i % frames * options.MelBins) + (i / frames);
            Assert.Equal(decibels.Values[i], Math.Max(logarithms[cell] - maximum, -80), 1e-2);
            if (power.Values[i] > 1e-6)
            {
                Assert.Equal(power.Values[i], energies[cell], 1e-6 * power.Values[i]);
            }
        }
    }

    [Fact]
    public void Compute_GeneratedSignal_EqualsNaiveDoubleDft() => AssertMatchesNaiveDft(new MelOptions { HopSamples = 512 });

    [Fact]
    public void Compute_YamnetFrontEnd_EqualsItsReferenceWhereTheDataIsAtHand()
    {
        if (SharedData.Path("models", "yamnet", "reference.npz") is not { } path)
        {
            // The same configuration is checked against numpy above; here only the logarithm of silence is left to see.
            Assert.All(MelSpectrogram.Compute(MelConfigs.Yamnet, new float[800]), v => Assert.Equal(Math.Log(0.001), v, 1e-5));
            return;
        }

        float[] samples = [.. NpyArray.ReadFromNpz(path, "pcm").Values.Select(v => (float)(v / 32_768))];
        var expected = NpyArray.ReadFromNpz(path, "log_mel");

        var frames = MelSpectrogram.Compute(MelConfigs.Yamnet, samples);

        Assert.Equal(144 * 64, frames.Length);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            var (patch, cell) = (i / (96 * 64), i % (96 * 64));
            // The reference is single precision: its own spectrum is off by about 1e-7 of the loudest bin (some 1e2), which beside the
            // offset 0.001 is a hundredth in the worst case and was seen as 1e-4.
            Assert.Equal(expected.Values[i], frames[(patch * 48 * 64) + cell], 1e-3);
        }
    }

    [Theory]
    [InlineData(LogRule.Decibel, 1e-10)]
    [InlineData(LogRule.NaturalWithOffset, 1e-6)]
    public void Push_LogRule_IsTakenOfTheEnergy(LogRule rule, double offset)
    {
        var options = new MelOptions { LogRule = rule, LogOffset = offset };
        var signal = Signal(options.SampleRateHz);

        var energies = MelSpectrogram.Compute(options, signal, takeLog: false);
        var logarithms = MelSpectrogram.Compute(options, signal);

        for (var i = 0; i < energies.Length; i++)
        {
            var expected = rule == LogRule.Decibel ? 10 * Math.Log10(Math.Max(offset, energies[i])) : Math.Log(energies[i] + offset);
            Assert.Equal(expected, logarithms[i], 1e-4);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1_707, 1)]
    [InlineData(1_708, 2)]
    [InlineData(66_150, 39)]
    public void Complete_Centred_GivesLibrosasFrameCount(int samples, int frames)
        => Assert.Equal(frames * 128, MelSpectrogram.Compute(new MelOptions(), new float[samples]).Length);

    [Theory]
    [InlineData("default", 0)]
    [InlineData("yamnet", 0)]
    [InlineData("odd", 0)]
    [InlineData("htk", 1_000)]
    public void Push_AnyChunking_EqualsOneChunk(string config, int hop)
    {
        var options = MelConfigs.ByName[config];
        options = hop > 0 ? options with { HopSamples = hop } : options;
        var samples = Signal(options.SampleRateHz);
        var whole = Frames(options, samples, [samples.Length]);
        Assert.NotEmpty(whole);

        Chunks.CheckAny(9_000, 30, lengths => Frames(options, samples, lengths).AsSpan().SequenceEqual(whole));
    }

    /// <summary>The signal of make_golden.py.</summary>
    internal static float[] Signal(int rate)
    {
        var x = new float[(int)(rate * 1.2)];
        for (var n = 0; n < x.Length; n++)
        {
            x[n] = (float)((0.4 * Math.Sin(2 * Math.PI * 440 * n / rate)) + (0.2 * Math.Sin(2 * Math.PI * 1234.5 * n / rate))
                + (0.05 * Math.Sin(2 * Math.PI * 3100 * n / rate)) + (0.1 * (((long)n * 7919 % 1009 / 1009.0) - 0.5)));
        }

        return x;
    }

    private static void AssertMatchesNaiveDft(MelOptions options)
    {
        var signal = Signal(options.SampleRateHz);
        double[] exact = [.. signal.Select(v => (double)v)];
        var bank = new MelFilterBank(options);
        var energies = MelSpectrogram.Compute(options, signal, takeLog: false);
        var logarithms = MelSpectrogram.Compute(options, signal);
        var last = (energies.Length / options.MelBins) - 1;
        foreach (var frame in new[] { 0, 1, last / 2, last })
        {
            var expected = NaiveMel.HannPower(options, exact, frame, bank.Weight);
            for (var band = 0; band < options.MelBins; band++)
            {
                Assert.Equal(expected[band], energies[(frame * options.MelBins) + band], 1e-4 * Math.Max(expected[band], 1e-6));
                Assert.Equal(10 * Math.Log10(Math.Max(1e-10, expected[band])), logarithms[(frame * options.MelBins) + band], 1e-2);
            }
        }
    }

    private static float[] Frames(MelOptions options, float[] samples, int[] lengths)
    {
        var spectrogram = new MelSpectrogram(options);
        var frames = new ArrayBufferWriter<float>();
        foreach (var range in Chunks.Cut(samples.Length, lengths))
        {
            spectrogram.Push(samples.AsSpan(range), frames);
        }

        spectrogram.Complete(frames);
        Assert.Equal(samples.Length, spectrogram.SampleCount);
        Assert.Equal(frames.WrittenCount, spectrogram.FrameCount * options.MelBins);
        return frames.WrittenSpan.ToArray();
    }
}

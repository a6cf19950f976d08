using System.Buffers;
using System.Globalization;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Tests.Golden;
using StreamGenre.Stages.Tests.Mel;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Stages.Tests.Wavelet;

public sealed class WaveletSpectrogramTests
{
    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Push_LongSignal_EqualsTheMeanSquaresOfPyWaveletsCoefficients(string config)
    {
        var options = WaveletConfigs.ByName[config];
        var energies = Frames(options, MelSpectrogramTests.Signal(options.SampleRateHz), [1 << 20], takeLog: false);
        var bands = options.Wavelet!.Bands;
        var rows = GoldenTable.Read("wavelet_frames.csv").Where(row => row[0] == config).ToArray();

        Assert.Equal(int.Parse(rows[^1][1], CultureInfo.InvariantCulture), (energies.Length / bands) - 1);
        foreach (var row in rows)
        {
            var cell = (int.Parse(row[1], CultureInfo.InvariantCulture) * bands) + int.Parse(row[2], CultureInfo.InvariantCulture);
            var power = double.Parse(row[3], CultureInfo.InvariantCulture);
            var expected = options.Spectrum == SpectrumKind.Power ? power : Math.Sqrt(power);
            Assert.Equal(expected, energies[cell], (1e-4 * expected) + 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Push_AnyChunking_EqualsOneChunk(string config)
    {
        var options = WaveletConfigs.ByName[config];
        var samples = MelSpectrogramTests.Signal(options.SampleRateHz);
        var whole = Frames(options, samples, [samples.Length]);
        Assert.NotEmpty(whole);

        Chunks.CheckAny(9_000, 20, lengths => Frames(options, samples, lengths).AsSpan().SequenceEqual(whole));
    }

    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Push_AnyMoment_HasAsManyFramesAsTheMelSpectrogram(string config)
    {
        var options = WaveletConfigs.ByName[config];
        var (wavelet, mel) = (new WaveletSpectrogram(options), new MelSpectrogram(options));
        var (frames, melFrames) = (new ArrayBufferWriter<float>(), new ArrayBufferWriter<float>());
        for (var n = 0; n < 3 * options.HopSamples; n++)
        {
            wavelet.Push([0.1f], frames);
            mel.Push([0.1f], melFrames);
            Assert.Equal(mel.FrameCount, wavelet.FrameCount);
        }

        Assert.InRange(wavelet.FrameCount, 1, 4);
    }

    [Fact]
    public void Push_ClickInAFrame_IsHeardInThatFrameAndItsNeighboursAlone()
    {
        var options = WaveletConfigs.ByName["default"];
        var samples = new float[20 * options.HopSamples];
        samples[10 * options.HopSamples] = 1;

        var frames = Frames(options, samples, [samples.Length], takeLog: false);

        var bands = options.Wavelet!.Bands;
        for (var band = 0; band < bands; band++)
        {
            var energies = Enumerable.Range(0, frames.Length / bands).Select(f => frames[(f * bands) + band]).ToList();
            var loudest = energies.IndexOf(energies.Max());
            // Bands whose delay can't be made up for before the mel frame's last sample lag, by less than a hop.
            Assert.InRange(loudest, 10, 11);
            Assert.True(energies[10] + energies[11] > 0.999 * energies.Sum(), $"band {band}");
            Assert.True(band < bands / 2 || loudest == 10, $"band {band} is loudest in frame {loudest}");
        }
    }

    [Fact]
    public void Push_LongStream_AllocatesNothing()
    {
        var spectrogram = new StackedSpectrogram(WaveletConfigs.ByName["default"]);
        var frames = new ArrayBufferWriter<float>(100_000);
        var second = new float[22_050];

        // The runtime allocates now and then as it compiles anew; what the stage allocates it would in every second.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            frames.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            spectrogram.Push(second, frames);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
        Assert.InRange(frames.WrittenCount, 1, 100_000);
    }

    [Fact]
    public void Stacked_Frames_AreMelBandsThenWaveletBands()
    {
        var options = WaveletConfigs.ByName["packet"];
        var samples = MelSpectrogramTests.Signal(options.SampleRateHz);
        var (stacked, mel) = (new ArrayBufferWriter<float>(), new ArrayBufferWriter<float>());

        new StackedSpectrogram(options).Push(samples, stacked);
        new MelSpectrogram(options).Push(samples, mel);

        var wavelet = Frames(options, samples, [samples.Length]);
        Assert.Equal(80, options.Rows);
        for (var frame = 0; frame < stacked.WrittenCount / 80; frame++)
        {
            Assert.True(stacked.WrittenSpan.Slice(frame * 80, 64).SequenceEqual(mel.WrittenSpan.Slice(frame * 64, 64)));
            Assert.True(stacked.WrittenSpan.Slice((frame * 80) + 64, 16).SequenceEqual(wavelet.AsSpan(frame * 16, 16)));
        }
    }

    [Fact]
    public void Constructor_BadOptions_SaysWhatIsWrong()
    {
        var error = Assert.Throws<ModelContractException>(() => new WaveletSpectrogram(new() { Wavelet = new() { Octaves = 8, Splits = 3 } }));

        Assert.Contains("a coefficient every 2048 samples; at most hop_samples (1708)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new WaveletSpectrogram(new()));
    }

    private static float[] Frames(MelOptions options, float[] samples, int[] lengths, bool takeLog = true)
    {
        var spectrogram = new WaveletSpectrogram(options, takeLog);
        var frames = new ArrayBufferWriter<float>();
        foreach (var range in Chunks.Cut(samples.Length, lengths))
        {
            spectrogram.Push(samples.AsSpan(range), frames);
        }

        Assert.Equal(samples.Length, spectrogram.SampleCount);
        return frames.WrittenSpan.ToArray();
    }
}

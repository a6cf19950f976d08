using System.Buffers.Binary;
using System.Text;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Tests.Golden;
using StreamGenre.Stages.Tests.Windowing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests;

public sealed class SessionFrontEndTests
{
    private static readonly ModelContract Contract = new() { Name = "test", Version = "1", Labels = ["a", "b"] };

    [Theory]
    [InlineData(PcmEncoding.S16Le, 44_100, 2)]
    [InlineData(PcmEncoding.S16Le, 22_050, 1)]
    [InlineData(PcmEncoding.F32Le, 48_000, 1)]
    [InlineData(PcmEncoding.MuLaw, 8_000, 1)]
    public void Push_AnyChunking_EqualsOneChunk(PcmEncoding encoding, int rate, int channels)
    {
        var format = new PcmFormat(encoding, rate, channels);
        var pcm = new byte[(int)(4.4 * rate) * format.BytesPerFrame];
        new Random(6).NextBytes(pcm);
        var whole = Windows(format, pcm, [pcm.Length]);
        Assert.Equal(3, whole.Count);

        Chunks.CheckAny(60_000, 15, lengths => WindowsEqual.ToTheBit(whole, Windows(format, pcm, lengths)));
    }

    [Fact]
    public void Push_WaveletFrontEndInAnyChunking_EqualsOneChunk()
    {
        var format = new PcmFormat(PcmEncoding.S16Le, 44_100, 1);
        var contract = Contract with { Mel = new() { Wavelet = new() } };
        var pcm = new byte[(int)(4.4 * 44_100) * 2];
        new Random(7).NextBytes(pcm);
        var whole = Windows(format, pcm, [pcm.Length], contract);

        Assert.Equal((128 + 48) * 39, whole[0].PatchCells);
        Chunks.CheckAny(60_000, 10, lengths => WindowsEqual.ToTheBit(whole, Windows(format, pcm, lengths, contract)));
    }

    [Fact]
    public void Push_WaveletFrontEnd_LeavesTheMelBandsAsTheyAreAndStandardisesTheWaveletBandsApart()
    {
        var format = new PcmFormat(PcmEncoding.S16Le, 44_100, 2);
        var pcm = GeneratedStereo();
        using var plain = Windows(format, pcm, [pcm.Length])[0];
        using var both = Windows(format, pcm, [pcm.Length], Contract with { Mel = new() { Wavelet = new() } })[0];
        using var bare = Windows(
            format, pcm, [pcm.Length], Contract with { Mel = new() { Wavelet = new() }, FloorBelowMax = null, Normalization = WindowNormalization.None })[0];

        Assert.Equal(plain.Cells.ToArray(), both.Cells[..(128 * 39)].ToArray());
        var wavelet = both.Cells[(128 * 39)..].ToArray();
        Assert.Equal(0, wavelet.Average(), 1e-4);
        Assert.Equal(1, wavelet.Average(cell => (double)cell * cell), 1e-4);
        var decibels = bare.Cells[(128 * 39)..].ToArray();
        var floored = decibels.Select(cell => Math.Max(cell, decibels.Max() - 80)).ToArray();
        var (mean, deviation) = (floored.Average(), Math.Sqrt(floored.Average(cell => Math.Pow(cell - floored.Average(), 2))));
        Assert.All(floored.Zip(wavelet), pair => Assert.Equal((pair.First - mean) / deviation, pair.Second, 1e-3));
    }

    [Fact]
    public void Push_RecordingOrGeneratedTone_EqualsNaiveDoublePrecision()
    {
        var path = SharedData.Path("data", "open-audio", "wav", "tchaikovsky_sugar_plum_fairy.wav");
        var format = new PcmFormat(PcmEncoding.S16Le, 44_100, 2);
        var pcm = path is null ? GeneratedStereo() : WavData(path);
        pcm = pcm[..(3 * 44_100 * 4)];

        var bare = Contract with { FloorBelowMax = null, Normalization = WindowNormalization.None };
        using var window = Windows(format, pcm, [1_920], bare)[0];

        var expected = NaiveDecibels(pcm);
        var maximum = expected.Cast<double>().Max();
        var (compared, difference) = (0, 0.0);
        for (var mel = 0; mel < 120; mel++)
        {
            for (var t = 0; t < 39; t++)
            {
                if (expected[mel, t] > maximum - 80)
                {
                    compared++;
                    difference = Math.Max(difference, Math.Abs(expected[mel, t] - window.Patch(0)[(mel * 39) + t]));
                }
            }
        }

        // Up to band 120 (9.6 kHz) both low-pass filters are flat within 0.01 dB; the rest is the quiet cells' share of what the filters
        // leave of the stop band.
        Assert.True(compared > 2_000, $"only {compared} cells were loud enough to compare");
        Assert.True(difference < 0.05, $"the farthest cell lies {difference} dB off");
    }

    [Fact]
    public void AudioTime_BytesTaken_CountsWholeFrames()
    {
        var frontEnd = new SessionFrontEnd(Contract, new(PcmEncoding.S16Le, 44_100, 2), TimeSpan.FromSeconds(1));

        frontEnd.Push(new byte[(44_100 * 4) + 3], new Queue<MelWindow>());

        Assert.Equal(TimeSpan.FromSeconds(1), frontEnd.AudioTime);
        Assert.Equal(3, frontEnd.PendingBytes);
    }

    [Fact]
    public void Complete_EndOfStream_FlushesTheResampler()
    {
        var frontEnd = new SessionFrontEnd(Contract, new(PcmEncoding.S16Le, 44_100, 1), TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();

        // The resampler still holds the last samples of exactly three seconds.
        frontEnd.Push(new byte[3 * 44_100 * 2], windows);
        Assert.Empty(windows);
        frontEnd.Complete(windows);

        Assert.False(Assert.Single(windows).IsPartial);
    }

    [Fact]
    public void Constructor_BadInput_SaysWhatIsWrong()
    {
        var good = new PcmFormat(PcmEncoding.S16Le, 44_100, 2);

        Assert.Throws<ArgumentException>(() => new SessionFrontEnd(Contract, good with { Channels = 9 }, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentException>(() => new SessionFrontEnd(Contract, good, TimeSpan.FromSeconds(31)));
        Assert.Throws<ModelContractException>(() => new SessionFrontEnd(Contract with { Labels = [] }, good, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Push_LongStream_KeepsNoMoreThanItsWindowsAllocations()
    {
        var frontEnd = new SessionFrontEnd(Contract, new(PcmEncoding.S16Le, 44_100, 2), TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();
        var second = new byte[44_100 * 4];
        long before = 0;
        for (var i = 0; i < 20; i++)
        {
            if (i == 10)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            frontEnd.Push(second, windows);
            while (windows.TryDequeue(out var window))
            {
                window.Dispose();
            }
        }

        // Ten windows, each an object without its pooled cells, and now and then a fresh array for the pool. One array for each block of
        // the ten seconds would come to 1.8 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static List<MelWindow> Windows(PcmFormat format, byte[] pcm, int[] lengths, ModelContract? contract = null)
    {
        var frontEnd = new SessionFrontEnd(contract ?? Contract, format, TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();
        foreach (var range in Chunks.Cut(pcm.Length, lengths))
        {
            frontEnd.Push(pcm.AsSpan(range), windows);
        }

        frontEnd.Complete(windows);
        return [.. windows];
    }

    // Halves the rate with a Hann-windowed sinc of 2,001 taps, and takes the mel power by the definition of the DFT.
    private static double[,] NaiveDecibels(byte[] pcm)
    {
        var input = new double[pcm.Length / 4];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (BinaryPrimitives.ReadInt16LittleEndian(pcm.AsSpan(4 * i)) + BinaryPrimitives.ReadInt16LittleEndian(pcm.AsSpan((4 * i) + 2))) / 65_536.0;
        }

        double[] taps = [.. Enumerable.Range(-1000, 2001).Select(
            d => (d == 0 ? 0.475 : Math.Sin(Math.PI * 0.475 * d) / (Math.PI * d)) * (0.5 + (0.5 * Math.Cos(Math.PI * d / 1001))))];
        var samples = new double[66_150];
        for (var n = 0; n < samples.Length; n++)
        {
            for (var d = Math.Max(-1000, -2 * n); d <= 1000 && (2 * n) + d < input.Length; d++)
            {
                samples[n] += input[(2 * n) + d] * taps[d + 1000];
            }
        }

        var bank = new MelFilterBank(Contract.Mel);
        var cells = new double[128, 39];
        for (var t = 0; t < 39; t++)
        {
            var power = NaiveMel.HannPower(Contract.Mel, samples, t, bank.Weight);
            for (var mel = 0; mel < 128; mel++)
            {
                cells[mel, t] = 10 * Math.Log10(Math.Max(1e-10, power[mel]));
            }
        }

        return cells;
    }

    private static byte[] GeneratedStereo()
    {
        var pcm = new byte[3 * 44_100 * 4];
        var random = new Random(8);
        for (var i = 0; i < pcm.Length / 2; i++)
        {
            var value = (8_000 * Math.Sin(2 * Math.PI * 330 * (i / 2) / 44_100)) + (6_000 * (random.NextDouble() - 0.5));
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(2 * i), (short)value);
        }

        return pcm;
    }

    private static byte[] WavData(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 12; ; at += 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4)))
        {
            if (Encoding.ASCII.GetString(bytes, at, 4) == "data")
            {
                return bytes[(at + 8)..];
            }
        }
    }
}

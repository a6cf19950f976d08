using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Audio;

public sealed class PcmDecoderTests
{
    [Fact]
    public void Push_EveryMuLawCode_EqualsFfmpegsDecoder()
    {
        var expected = GoldenTable.Read("mulaw.csv").Select(row => int.Parse(row[1], CultureInfo.InvariantCulture) / 32_768f);

        var mono = Decode(new(PcmEncoding.MuLaw, 8_000, 1), [.. Enumerable.Range(0, 256).Select(code => (byte)code)], [256]);

        Assert.Equal(expected, mono);
    }

    [Fact]
    public void Push_S16Extremes_FillPlusMinusOne()
        => Assert.Equal([-1f, 0f, 32_767 / 32_768f], Decode(new(PcmEncoding.S16Le, 8_000, 1), [0, 0x80, 0, 0, 0xFF, 0x7F], [6]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Push_S16Channels_AreAveraged(int channels)
    {
        var random = new Random(channels);
        var samples = new short[100 * channels];
        random.NextBytes(MemoryMarshal.AsBytes(samples.AsSpan()));

        var mono = Decode(new(PcmEncoding.S16Le, 8_000, channels), MemoryMarshal.AsBytes(samples.AsSpan()).ToArray(), [17]);

        for (var i = 0; i < 100; i++)
        {
            var mean = samples.AsSpan(i * channels, channels).ToArray().Average(s => s / 32_768.0);
            Assert.Equal(mean, mono[i], 1e-7);
        }
    }

    [Fact]
    public void Push_F32NotFiniteOrHuge_BecomesSound()
    {
        float[] samples = [0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f];

        var mono = Decode(new(PcmEncoding.F32Le, 8_000, 1), MemoryMarshal.AsBytes(samples.AsSpan()).ToArray(), [24]);

        Assert.Equal([0.5f, 0, 0, 0, PcmDecoder.FloatLimit, -PcmDecoder.FloatLimit], mono);
    }

    [Fact]
    public void PendingBytes_FrameCutShort_CountsItsBytes()
    {
        var decoder = new PcmDecoder(new(PcmEncoding.S16Le, 8_000, 2));
        var mono = new ArrayBufferWriter<float>();

        decoder.Push([1, 2, 3, 4, 5], mono);
        Assert.Equal(1, decoder.PendingBytes);
        decoder.Push([6, 7], mono);
        Assert.Equal(3, decoder.PendingBytes);
        decoder.Push([8], mono);

        Assert.Equal(0, decoder.PendingBytes);
        Assert.Equal(2, mono.WrittenCount);
    }

    [Fact]
    public void Constructor_BadFormat_ListsAllErrors()
    {
        var error = Assert.Throws<ArgumentException>(() => new PcmDecoder(new(PcmEncoding.S16Le, 1, 0)));

        Assert.Contains("sample rate 1 Hz", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 channels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PcmEncoding.S16Le, 1)]
    [InlineData(PcmEncoding.S16Le, 2)]
    [InlineData(PcmEncoding.S16Le, 5)]
    [InlineData(PcmEncoding.F32Le, 2)]
    [InlineData(PcmEncoding.MuLaw, 3)]
    public void Push_AnyChunking_EqualsOneChunk(PcmEncoding encoding, int channels)
    {
        var format = new PcmFormat(encoding, 8_000, channels);
        var bytes = new byte[(300 * format.BytesPerFrame) + format.BytesPerFrame - 1];
        new Random(1).NextBytes(bytes);
        var whole = Decode(format, bytes, [bytes.Length]);
        Assert.Equal(300, whole.Length);

        Chunks.CheckAny(200, 100, lengths => Decode(format, bytes, lengths).AsSpan().SequenceEqual(whole));
    }

    private static float[] Decode(PcmFormat format, byte[] bytes, int[] lengths)
    {
        var decoder = new PcmDecoder(format);
        var mono = new ArrayBufferWriter<float>();
        foreach (var range in Chunks.Cut(bytes.Length, lengths))
        {
            decoder.Push(bytes.AsSpan(range), mono);
        }

        return mono.WrittenSpan.ToArray();
    }
}

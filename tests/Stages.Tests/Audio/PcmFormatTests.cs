using StreamGenre.Stages.Audio;

namespace StreamGenre.Stages.Tests.Audio;

public sealed class PcmFormatTests
{
    [Theory]
    [InlineData(PcmEncoding.S16Le, 2, 4)]
    [InlineData(PcmEncoding.F32Le, 3, 12)]
    [InlineData(PcmEncoding.MuLaw, 8, 8)]
    public void BytesPerFrame_EachEncoding_CountsAllChannels(PcmEncoding encoding, int channels, int expected)
        => Assert.Equal(expected, new PcmFormat(encoding, 48_000, channels).BytesPerFrame);

    [Theory]
    [InlineData(8_000, 1)]
    [InlineData(192_000, 8)]
    public void Errors_AtTheLimits_AreNone(int rate, int channels)
        => Assert.Empty(new PcmFormat(PcmEncoding.S16Le, rate, channels).Errors());

    [Fact]
    public void Errors_EverythingWrong_AreAllListedWithValueAndLimit()
    {
        var errors = new PcmFormat((PcmEncoding)9, 7_999, 9).Errors();

        Assert.Equal(3, errors.Count);
        Assert.Contains(errors, e => e.Contains("7999", StringComparison.Ordinal) && e.Contains("8000..192000", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("9 channels", StringComparison.Ordinal) && e.Contains("1..8", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("encoding 9", StringComparison.Ordinal));
    }
}

using FsCheck;
using FsCheck.Fluent;
using Grpc.Wire;
using Check = FsCheck.Check;

namespace StreamGenre.Rpc.Tests.Wire;

public sealed class PercentEncodingTests
{
    // The last is the value that gRPC's special_status_message case is known to have on the wire.
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n", "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A")]
    public void Encode_Text_AsOnTheWire(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%e2%98%BA", "\u263a")]
    public void Decode_BrokenEscapes_Kept(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Encode_AnyText_PrintableAsciiThatDecodesBack() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<UnicodeString>(), text =>
        {
            // Lone surrogates have no UTF-8.
            var wellFormed = new string([.. text.Get.Where(c => !char.IsSurrogate(c))]);
            var encoded = PercentEncoding.Encode(wellFormed);
            Assert.DoesNotContain(encoded, c => c is < ' ' or > '~');
            Assert.Equal(wellFormed, PercentEncoding.Decode(encoded));
        }));
}

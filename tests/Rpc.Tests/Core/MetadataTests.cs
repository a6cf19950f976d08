using Grpc.Core;
using Grpc.Wire;

namespace StreamGenre.Rpc.Tests.Core;

public sealed class MetadataTests
{
    [Fact]
    public void Get_SameKeyTwice_LastOneInAnyCase()
    {
        var metadata = new Metadata { { "Key", "1" }, { "key", "2" } };
        Assert.Equal("2", metadata.GetValue("KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("key").Select(entry => entry.Value));
    }

    [Theory]
    [InlineData("key with space", "value")]
    [InlineData("schlüssel", "value")]
    [InlineData("", "value")]
    [InlineData("key-bin", "value")]
    [InlineData("key", "line\nbreak")]
    [InlineData("key", "Übung")]
    public void Entry_TextThatNoHeaderCarries_Throws(string key, string value) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, value));

    [Fact]
    public void Entry_BytesUnderTextKey_Throws() => Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));

    [Fact]
    public void Empty_Add_Throws() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));

    // RFC 4648, section 10.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg")]
    [InlineData("fo", "Zm8")]
    [InlineData("foo", "Zm9v")]
    [InlineData("foob", "Zm9vYg")]
    [InlineData("foobar", "Zm9vYmFy")]
    public void Encode_Bytes_UnpaddedBase64(string text, string base64)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(base64, MetadataEncoding.Encode(new Metadata.Entry("k-bin", bytes)));
        foreach (var padded in (string[])[base64, base64.PadRight((base64.Length + 3) / 4 * 4, '=')])
        {
            var received = new Metadata();
            MetadataEncoding.AddReceived(received, "K-bin", padded);
            Assert.Equal(bytes, received.GetValueBytes("k-bin"));
        }
    }

    [Fact]
    public void AddReceived_JoinedBytes_SplitAtCommas()
    {
        var received = new Metadata();
        MetadataEncoding.AddReceived(received, "k-bin", "Zg, Zm8=");
        Assert.Equal(["f"u8.ToArray(), "fo"u8.ToArray()], received.Select(entry => entry.ValueBytes));
    }

    [Fact]
    public void AddReceived_ProtocolsOwnHeaders_LeftOut()
    {
        var received = new Metadata();
        foreach (var name in (string[])[":path", "content-type", "te", "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "grpc-status", "grpc-message"])
        {
            MetadataEncoding.AddReceived(received, name, "x");
        }

        Assert.Empty(received);
    }
}

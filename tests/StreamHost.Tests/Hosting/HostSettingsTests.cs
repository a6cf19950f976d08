using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Tests.Hosting;

public sealed class HostSettingsTests
{
    [Fact]
    public void Load_SeveralErrors_NamesThemAll()
    {
        var error = Assert.Throws<SettingsException>(() => HostSettings.Load(null,
        [
            new("Server:GrpcPort", "70000"),
            new("Server:BindAddress", "here"),
            new("Batching:MaxBatch", "0"),
            new("Sessions:MaxStreams", "-1"),
            new("Model:Path", "/no/such.onnx"),
        ]));
        Assert.All(["70000", "'here'", "max_batch is 0", "MaxStreams is -1", "/no/such.onnx"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Server:GrpcPrt", "1")]
    [InlineData("Server:GrpcPort", "many")]
    [InlineData("Model:Device", "tpu")]
    public void Load_UnknownKeyOrValue_IsRefused(string key, string value)
    {
        var error = Assert.Throws<SettingsException>(() => HostSettings.Load(null, [new(key, value)]));
        Assert.Contains(key.Contains("Prt", StringComparison.Ordinal) ? "GrpcPrt" : value, error.Message, StringComparison.Ordinal);
    }
}

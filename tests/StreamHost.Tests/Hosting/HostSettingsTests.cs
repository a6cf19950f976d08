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
            new("Batching:MaxBatch", "-1"),
            new("Sessions:MaxStreams", "-1"),
            new("Model:Path", "/no/such.onnx"),
        ]));
        Assert.All(["70000", "'here'", "max_batch is -1", "MaxStreams is -1", "/no/such.onnx"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
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

    [Theory]
    [InlineData("Server:GrpcPort", "many", "Server:GrpcPort is 'many'; it must be a whole number, 2147483647 at most")]
    [InlineData("Server:ShutdownTimeout", "soon", "Server:ShutdownTimeout is 'soon'; it must be a time such as 00:00:30 (hours, minutes, seconds)")]
    [InlineData("Model:Device", "tpu", "Model:Device is 'tpu'; it must be one of Auto, Cpu, Cuda")]
    [InlineData("Streams:Announcement:Threshold", "0,4", "Streams:Announcement:Threshold is '0,4'; it must be a number")]
    [InlineData("Streams:Silence:Close", "-60", "the section Streams knows no 'Close'; docs/operating.md lists its settings")]
    [InlineData("Serve:GrpcPort", "1", "there is no section 'Serve'; there are Server, Model, Batching, Sessions, Streams, Sources, History, Kestrel, Logging")]
    public void Load_BadKeyOrValue_SaysWhichAndWhatItMayBe(string key, string value, string said)
    {
        var error = Assert.Throws<SettingsException>(() => HostSettings.Load(null, [new(key, value), new("Sessions:MaxStreams", "-1")]));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxStreams is -1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "GrpcPort": 50052 }""", "there is no section 'GrpcPort'")]
    [InlineData("{\n \"Server\": { \"GrpcPort\": 1 ]\n}", "LineNumber: 1")]
    public void Load_FileThatIsWrong_SaysWhere(string json, string said)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            Assert.Contains(said, Assert.Throws<SettingsException>(() => HostSettings.Load(path, [])).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_FileThatIsNotThere_NamesIt() =>
        Assert.Equal("--config is 'nix.json', and there is no such file", Assert.Throws<SettingsException>(() => HostSettings.Load("nix.json", [])).Message);
}

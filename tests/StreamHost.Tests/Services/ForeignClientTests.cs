using System.Reflection;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Commands;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Services;

/// <summary>@grpc/grpc-js, which loads the .proto file itself, against our server.</summary>
[Trait("Category", "Server")]
public sealed class ForeignClientTests
{
    [Fact]
    public async Task GrpcJs_ClassifiesSubscribesAndReflects_SeesWhatOurClientSees()
    {
        await using var server = await TestServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("streamgenre-node-").FullName;
        try
        {
            var wav = Sound.WriteWav(folder, "noise.wav", 6);
            string Meta(string key) => typeof(ForeignClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
            var (exitCode, output, errors) = await BuiltProgram.RunAsync(
                "node",
                [Path.Combine(Meta("NodeDirectory"), "client.js"), new Uri(server.Server.GrpcAddress).Authority, Path.Combine(Meta("RepositoryRoot"), "src", "Protos"), wav],
                model: null);
            Assert.True(exitCode == 0, string.Join('\n', errors));

            using var own = server.Client.Classify();
            var expected = await ClassifyTests.SendAsync(own, Sound.Config(), Sound.Noise(6), chunk: int.MaxValue);
            using var seen = JsonDocument.Parse(Assert.Single(output));
            foreach (var list in new[] { "classified", "subscribed" })
            {
                var updates = seen.RootElement.GetProperty(list).EnumerateArray().ToList();
                Assert.Equal(expected.Select(update => update.Sequence), updates.Select(update => update.GetProperty("sequence").GetInt64()));
                Assert.Equal("STREAM_STATE_ENDED", updates[^1].GetProperty("state").GetString());
                Assert.Equal(
                    expected[^1].RollingScores.Select(score => score.Score),
                    updates[^1].GetProperty("rollingScores").EnumerateArray().Select(score => score.GetProperty("score").GetSingle()));
            }

            Assert.Equal(3, seen.RootElement.GetProperty("error").GetProperty("code").GetInt32());
            Assert.Contains("before the config", seen.RootElement.GetProperty("error").GetProperty("details").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                ["", "streamgenre.v1.GenreStreamService", "streamgenre.v1.HistoryService", "streamgenre.v1.SourceService"],
                seen.RootElement.GetProperty("health").EnumerateObject().Where(service => service.Value.GetProperty("status").GetString() == "SERVING").Select(service => service.Name).Order());
            foreach (var version in new[] { "v1", "v1alpha" })
            {
                Assert.Contains(
                    "streamgenre.v1.GenreStreamService",
                    seen.RootElement.GetProperty("services").GetProperty(version).EnumerateArray().Select(name => name.GetString()));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

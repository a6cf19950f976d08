using System.Reflection;
using StreamGenre.StreamHost.Tests.Commands;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>The commands of docs/http.md, run by curl as they stand there.</summary>
[Trait("Category", "Server")]
public sealed class HttpDocumentTests
{
    [Fact]
    public async Task Commands_OfTheDocument_AreAnsweredByTheServer()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "kitchen");
        await SubscribeTests.FinishAsync(publisher, 4);
        var folder = Directory.CreateTempSubdirectory("streamgenre-curl-").FullName;
        try
        {
            Sound.WriteWav(folder, "song.wav", 4);
            var root = typeof(HttpDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;
            var commands = (await File.ReadAllLinesAsync(Path.Combine(root, "docs", "http.md"))).Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToList();
            Assert.True(commands.Count >= 7);
            foreach (var command in commands)
            {
                var here = command.Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal).Replace("http://localhost:8080", server.Server.HttpAddress, StringComparison.Ordinal);
                var (exitCode, output, errors) = await BuiltProgram.RunAsync("bash", ["-c", here], model: null, folder);
                Assert.True(exitCode == 0, $"{command}: {string.Join('\n', [.. output, .. errors])}");
                Assert.Contains(output, line => line.Contains("\"streams\"", StringComparison.Ordinal) || line.Contains("ollingScores", StringComparison.Ordinal));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

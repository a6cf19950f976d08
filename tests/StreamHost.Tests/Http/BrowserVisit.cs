using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>A script of the folder <c>node</c> that visits a page in a real browser. Needs chromium, which tests/run installs where it may.</summary>
internal static class BrowserVisit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Runs a script to its end and gives what it found: its last line, as JSON.</summary>
    /// <param name="script">The script's file.</param>
    /// <param name="arguments">Its arguments after the browser.</param>
    /// <param name="answer">What to tell the script when it has written a line; null for nothing.</param>
    public static async Task<JsonElement> RunAsync(string script, string[] arguments, Func<string, Task<string?>>? answer = null)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), script), Browser(), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var last = "";
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                last = line;
                if (answer is not null && await answer(line) is { } told)
                {
                    await process.StandardInput.WriteLineAsync(told.AsMemory(), patience.Token);
                    await process.StandardInput.FlushAsync(patience.Token);
                }
            }

            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, await errors);
            return JsonDocument.Parse(last).RootElement;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Browser() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("no chromium on the PATH; install it (Debian: apt-get install chromium), or let tests/run do so");

    private static string Folder() => typeof(BrowserVisit).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "NodeDirectory").Value!;
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace StreamGenre.Benchmarks.Ceiling;

/// <summary>A server under so many paced streams, by the program's own <c>loadtest</c>.</summary>
internal static class ServedStreams
{
    /// <summary>Measures one number of streams.</summary>
    /// <param name="program">The built program's dll.</param>
    /// <param name="model">The ONNX file.</param>
    /// <param name="streams">Clients.</param>
    /// <param name="seconds">Measured time.</param>
    public static StreamsCost Measure(string program, string model, int streams, int seconds)
    {
        var start = new ProcessStartInfo("dotnet", [program, "loadtest", "--json", "--model", model, "--streams", $"{streams}", "--seconds", $"{seconds}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"loadtest of {streams} streams ended with {process.ExitCode}."));
        }

        var root = JsonDocument.Parse(output).RootElement;
        var (latency, server) = (root.GetProperty("latencyMs"), root.GetProperty("server"));
        return new StreamsCost(
            streams,
            server.GetProperty("cpuSecondsPerAudioSecond").GetDouble() * 1e6,
            latency.GetProperty("p50").GetDouble(),
            latency.GetProperty("p99").GetDouble(),
            server.GetProperty("meanBatch").GetDouble(),
            server.GetProperty("residentBytesPerStream").GetDouble() / 1024);
    }
}

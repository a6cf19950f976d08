using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>Results in words and as JSON.</summary>
internal static class LoadText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>One JSON object.</summary>
    public static string ToJson(object result) => JsonSerializer.Serialize(result, Json);

    /// <summary>One line, for a search's progress.</summary>
    public static string Line(LoadResult result, bool holds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Streams,6} streams: p99 {result.LatencyMs.P99:0.0} ms, {result.Dropped} dropped, {result.Lost} lost, {result.FailedStreams} failed: {(holds ? "holds" : "too many")}");

    /// <summary>All figures, a line each.</summary>
    public static string Table(LoadResult result)
    {
        var server = result.Server;
        var latency = result.LatencyMs;
        var speed = result.Speed is { } factor ? $"speed {factor}" : "as fast as it goes";
        var batches = string.Join(", ", server.BatchSizes.OrderBy(batch => batch.Key).Select(batch => $"{batch.Key}: {batch.Value}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {result.Streams} stream(s), {result.Seconds:0.#} s, {speed}; {latency.Count} windows
            latency from a window's last byte to its update   p50 {latency.P50:0.0}  p95 {latency.P95:0.0}  p99 {latency.P99:0.0}  p99.9 {latency.P999:0.0}  max {latency.Max:0.0} ms
            of it the sender's own delay, at its worst        p50 {result.SendLagMs.P50:0.0}  p99 {result.SendLagMs.P99:0.0}  max {result.SendLagMs.Max:0.0} ms
            windows dropped {result.Dropped}, lost {result.Lost}; streams failed {result.FailedStreams}{(result.Failure is null ? "" : $" ({result.Failure})")}
            server CPU      {server.CpuSecondsPerAudioSecond * 1e6:0} us an audio second: {server.AudioSecondsPerCpuSecond:0} audio seconds a CPU second
            by the clock    front end {server.FrontEndSecondsPerAudioSecond * 1e6:0} us, model {server.InferenceSecondsPerAudioSecond * 1e6:0} us an audio second (more than their CPU time where cores are short)
            server memory   {server.ResidentBytes / 1e6:0} MB resident, {server.BaseResidentBytes / 1e6:0} MB before: {server.ResidentBytesPerStream / 1024:0.0} KiB a stream
            server garbage  {server.AllocatedBytesPerAudioSecond:0} bytes an audio second; collections {string.Join('/', server.Collections)}
            batches         {server.MeanBatch:0.0} windows on average ({batches})
            generator CPU   {result.GeneratorCpuSeconds:0.0} s beside the server's {server.CpuSeconds:0.0} s
            {(result.ColdStart is { } start ? $"cold start      listening after {start.ListeningSeconds:0.00} s, first update after {start.FirstUpdateSeconds:0.00} s" : "")}
            {string.Concat(result.Parts.Select(Part))}
            """).TrimEnd();
    }

    private static string Part(LoadPart part) => string.Create(
        CultureInfo.InvariantCulture,
        $"from {part.FromSeconds,6:0} s   p50 {part.LatencyMs.P50:0.0}  p99 {part.LatencyMs.P99:0.0}  max {part.LatencyMs.Max:0.0} ms   {part.Server.ResidentBytes / 1e6:0} MB resident   CPU {part.Server.CpuSecondsPerAudioSecond * 1e6:0} us an audio second   collections {string.Join('/', part.Server.Collections)}\n");
}

using Spectre.Console;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Client;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>What came of replayed files.</summary>
internal static class ReplayText
{
    /// <summary>One file, on one line.</summary>
    public static string Line(ReplayResult result)
    {
        var genre = result.TopGenre.Length == 0 ? "no genre (too short or silent)" : $"{result.TopGenre} {UpdateText.Percent(result.TopScore)}";
        var dropped = result.Dropped > 0 ? $", {result.Dropped} windows dropped" : "";
        return $"{result.Name}: {genre}, {result.Audio.TotalSeconds:0.0} s of audio in {result.Elapsed.TotalSeconds:0.00} s ({result.RealTimeFactor:0.0}x real time){dropped}";
    }

    /// <summary>Several files, as a table.</summary>
    public static Table Table(IReadOnlyList<ReplayResult> results)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("file")
            .AddColumn("genre")
            .AddColumn(new TableColumn("score").RightAligned())
            .AddColumn(new TableColumn("audio s").RightAligned())
            .AddColumn(new TableColumn("x real time").RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Name),
                Markup.Escape(result.TopGenre),
                result.TopGenre.Length == 0 ? "" : UpdateText.Percent(result.TopScore),
                $"{result.Audio.TotalSeconds:0.0}",
                $"{result.RealTimeFactor:0.0}");
        }

        return table;
    }

    /// <summary>
    /// Where the time went. The front end and the model run on different threads, so their times are CPU time that may overlap; what is left of the
    /// process's CPU time is RPC at both ends, reading the file and garbage collection.
    /// </summary>
    public static string Profile(PipelineStatistics statistics, IReadOnlyList<ReplayResult> results, TimeSpan cpuTime)
    {
        var cpu = cpuTime.TotalSeconds;
        var frontEnd = statistics.FrontEndTime.TotalSeconds;
        var inference = statistics.InferenceTime.TotalSeconds;
        var audio = results.Sum(result => result.Audio.TotalSeconds);
        var wall = results.Sum(result => result.Elapsed.TotalSeconds);
        return $"profile: {audio:0} s of audio in {wall:0.00} s wall ({audio / wall:0}x real time), {cpu:0.00} s CPU; front end {frontEnd:0.00} s ({frontEnd / cpu:P0}), "
            + $"inference {inference:0.00} s ({inference / cpu:P0}), RPC and the rest {cpu - frontEnd - inference:0.00} s ({(cpu - frontEnd - inference) / cpu:P0}); "
            + $"{statistics.ClassifiedWindows} windows in {statistics.Batches} batches";
    }
}

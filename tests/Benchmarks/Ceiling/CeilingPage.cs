using StreamGenre.Training.Reports;

namespace StreamGenre.Benchmarks.Ceiling;

/// <summary>The measurements as a page.</summary>
internal static class CeilingPage
{
    /// <summary>The page.</summary>
    public static string Render(CeilingReport report)
    {
        var charts = new List<Chart>();
        string Draw(Chart chart)
        {
            charts.Add(chart);
            return Html.Figure(chart);
        }

        string[] sections =
        [
            $"""
            <header>
            <h1>How far serving is from the machine's limit</h1>
            <p class="lead">{Html.Text($"{report.Model} on {report.Machine}, {report.MeasuredAt:yyyy-MM-dd HH:mm} UTC")}</p>
            </header>
            """,
            Html.Section("budget", "An audio second", Html.Note("One thread, a window a second; lower quartile of many rounds in turn. Mel bands: window, power, bands, logarithm. PCM and windows: decoding, level, windows laid out as the model takes them. The model: a window of eight in a batch. Bytes are what must at least be read and written once, so operations a byte are at most these. The rest, where streams were served: gRPC, sockets, scheduling, collection.") + Budget(report) + Draw(Where(report))),
            Html.Section("roof", "The machine's roof", Html.Note($"One core multiplies and adds {report.Roof.Gigaflops:N0} GFLOP/s in its widest vectors. Under the slope of the memory that it works in a step is bound by reading, right of the ridge by arithmetic; how far it lies below is what a better program could gain.") + Draw(Roofline(report)) + Draw(Reading(report))),
            Html.Section("batch", "By batch", Draw(Line("batches", "The model's time a window by windows in a batch", "windows in a batch", "µs a window", report.Batches, cost => cost.Windows, cost => cost.Microseconds))),
            Html.Section("hop", "By hop", Html.Note("The front end computes each frame once whatever the hop; windows and the model are paid for by window.") + Draw(Hops(report))),
            report.Streams.Count == 0 ? "" : Html.Section("streams", "By streams", Html.Note("A server under paced streams through gRPC, the load generator on the same cores.") + Draw(Latency(report)) + Draw(Cpu(report))),
            "<footer>The numbers stand as JSON beside this page and in it.</footer>",
        ];
        return Page.Render("The ceiling", string.Join('\n', sections), report, charts);
    }

    private static string Budget(CeilingReport report) => Html.Table(
        ["Step", "#µs", "#MFLOP", "#kB", "#FLOP a byte", "#GFLOP/s", "#of the core's peak"],
        report.Steps.Select(step => (HtmlCell[])
        [
            step.Name, $"{step.Microseconds:N1}", $"{step.Megaflops:N2}", $"{step.Kilobytes:N0}", $"{step.Intensity:N1}", $"{step.Gigaflops:N1}",
            $"{100 * step.Gigaflops / report.Roof.Gigaflops:N0} %",
        ]));

    private static Chart Where(CeilingReport report)
    {
        var parts = report.Steps.Select(step => (step.Name, step.Microseconds)).ToList();
        if (report.Streams.Count > 0)
        {
            parts.Add(("the rest", Math.Max(0, report.Streams[^1].CpuMicroseconds - report.Steps.Sum(step => step.Microseconds))));
        }

        return Bars("where", "Where an audio second's time goes", "µs", parts);
    }

    // Williams, Waterman and Patterson 2009: what can be reached at so many operations a byte is the lesser of the peak and of what reading feeds.
    private static Chart Roofline(CeilingReport report)
    {
        const double fewest = 0.1, most = 1000;
        var peak = report.Roof.Gigaflops;
        ChartSeries Roof(Bandwidth at) => ChartSeries.Of(
            $"roof, reading {Memory(at)}",
            [fewest, peak / at.GigabytesPerSecond, most],
            intensity => intensity,
            intensity => Math.Min(peak, intensity * at.GigabytesPerSecond));
        return new Chart(
            "roofline",
            "Roofline: what the steps come to, beside what one core can do",
            new ChartAxis("operations a byte", fewest, most, Logarithmic: true),
            new ChartAxis("GFLOP/s", 1, 1000, Logarithmic: true),
            [
                Roof(report.Roof.Bandwidths[0]),
                Roof(report.Roof.Bandwidths[^1]),
                .. report.Steps.Select(step => ChartSeries.Of(step.Name, [step], at => at.Intensity, at => at.Gigaflops, "points")),
            ]);
    }

    private static Chart Reading(CeilingReport report) => Bars(
        "reading", "Reading by one core, by how much memory", "GB/s", [.. report.Roof.Bandwidths.Select(at => (Memory(at), at.GigabytesPerSecond))]);

    private static string Memory(Bandwidth at) => at.Kibibytes < 1024 ? $"{at.Kibibytes} KiB" : $"{at.Kibibytes / 1024} MiB";

    private static Chart Hops(CeilingReport report) => new(
        "hops",
        "Time an audio second by hop",
        new ChartAxis("seconds from window to window", 0),
        new ChartAxis("µs an audio second", 0),
        [
            ChartSeries.Of("front end", report.Hops, cost => cost.Seconds, cost => cost.FrontEndMicroseconds),
            ChartSeries.Of("front end and model", report.Hops, cost => cost.Seconds, cost => cost.FrontEndMicroseconds + cost.ModelMicroseconds),
        ]);

    private static Chart Latency(CeilingReport report) => new(
        "latency",
        "Latency by streams",
        new ChartAxis("streams", 0, Whole: true),
        new ChartAxis("ms from last byte to update", 0),
        [
            ChartSeries.Of("median", report.Streams, cost => cost.Streams, cost => cost.P50Milliseconds),
            ChartSeries.Of("99th percentile", report.Streams, cost => cost.Streams, cost => cost.P99Milliseconds),
        ]);

    private static Chart Cpu(CeilingReport report) =>
        Line("cpu", "The server's processor time by streams", "streams", "µs an audio second", report.Streams, cost => cost.Streams, cost => cost.CpuMicroseconds);

    private static Chart Line<T>(string id, string title, string x, string y, IReadOnlyList<T> costs, Func<T, double> at, Func<T, double?> value) =>
        new(id, title, new ChartAxis(x, 0), new ChartAxis(y, 0), [ChartSeries.Of("", costs, at, value)]);

    private static Chart Bars(string id, string title, string unit, IReadOnlyList<(string Name, double Value)> bars) => new(
        id,
        title,
        new ChartAxis("", Categories: [.. bars.Select(bar => bar.Name)]),
        new ChartAxis(unit, 0),
        [ChartSeries.Of("", bars.Index(), bar => bar.Index, bar => bar.Item.Value, "bar")]);
}

using System.Text.Json;

using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Tests.Runs;

namespace StreamGenre.Training.Tests.Reports;

/// <summary>The shipped model on clips made on the spot, and what a page of it must hold.</summary>
internal static class SmallReport
{
    public const string HostileId = "</script><img src=x onerror=alert(1)>";

    private static readonly string[] Labels = ["blues", "classical", "rock"];

    public static string ModelPath => Path.Combine(SharedData.Repository, "models", "default.onnx");

    public static (ModelReport Report, ScoredSet Scored, double Temperature) Of(ReportSubject subject)
    {
        using var model = new ModelFile(subject.ModelPath);
        var (report, scored) = ModelReport.Of(subject, model, [("first.npz", Set(0)), ("second", Set(1))], new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero));
        return (report, scored, model.Contract.Temperature);
    }

    /// <summary>A run of two epochs, its model replaced by the shipped one, which knows the clips' genres.</summary>
    public static string WriteRun(string path, double? windowHopSeconds = null)
    {
        SmallRun.Run(path, SmallRun.Options with { Epochs = 2, ValidateEvery = 1, WindowHopSeconds = windowHopSeconds }, SmallRun.Data(), SmallRun.Never);
        File.Copy(ModelPath, Path.Combine(path, "model.onnx"), overwrite: true);
        return path;
    }

    /// <summary>A page is self-contained, well-formed, and its data and charts hang together.</summary>
    public static JsonElement AssertPage(string html, IReadOnlyList<string> sections)
    {
        Assert.DoesNotMatch(@"(src|href)\s*=\s*[""']?\s*(https?:)?//", html);
        Assert.DoesNotMatch(@"@import|url\(\s*[""']?(https?:)?//|<link[^>]+stylesheet", html);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        var main = System.Xml.Linq.XElement.Parse(Between(html, "<main>", "</main>", inclusive: true));
        Assert.Equal(sections, main.Elements("section").Select(section => section.Attribute("id")!.Value));

        // Every chart has a place and every place a chart, with its numbers as a table.
        var charts = JsonDocument.Parse(Between(html, "<script type=\"application/json\" id=\"charts\">", "</script>")).RootElement;
        var places = main.Descendants("div").Select(div => div.Attribute("data-chart")?.Value).OfType<string>().ToList();
        Assert.Equal(charts.EnumerateArray().Select(chart => chart.GetProperty("id").GetString()).Order(), places.Order());
        Assert.All(main.Descendants("figure"), figure => Assert.NotEmpty(figure.Descendants("td")));
        return JsonDocument.Parse(Between(html, "<script type=\"application/json\" id=\"report\">", "</script>")).RootElement;
    }

    private static string Between(string text, string from, string to, bool inclusive = false)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        var end = text.IndexOf(to, start + from.Length, StringComparison.Ordinal);
        return inclusive ? text[start..(end + to.Length)] : text[(start + from.Length)..end];
    }

    private static MelSet Set(int seed)
    {
        var random = new Random(seed);
        return new MelSet(Labels, [.. Enumerable.Range(0, 6).Select(i =>
        {
            var cells = Enumerable.Range(0, 128 * 90).Select(cell => (float)(-60 * random.NextDouble() * (1 + (cell / 90 * (i % 3) / 128.0)))).ToArray();
            return new MelClip(i == 0 ? HostileId : $"{seed}/{i}", i % 3, $"artist{i / 2}", 128, 90, cells);
        })]);
    }
}

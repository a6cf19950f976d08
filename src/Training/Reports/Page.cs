using System.Text.Json;
using System.Text.Json.Serialization;

using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>One self-contained HTML file: style, chart library, data and markup; it asks nothing of any network.</summary>
internal static class Page
{
    /// <summary>How reports are written as JSON: snake_case, undefined figures null.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
        IndentSize = 1,
    };

    /// <summary>The same on one line. System.Text.Json escapes &lt;, &gt; and &amp;, so that no name can end a script element.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Json) { WriteIndented = false };

    /// <summary>Puts a page together.</summary>
    /// <param name="title">The tab's title.</param>
    /// <param name="body">Markup of header and sections.</param>
    /// <param name="report">What the JSON beside the page holds; embedded too.</param>
    /// <param name="charts">What the script draws.</param>
    public static string Render<T>(string title, string body, T report, IReadOnlyList<Chart> charts) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>{Html.Text(title)}</title>
        <style>
        {Resource("page.css")}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        <script type="application/json" id="report">{JsonSerializer.Serialize(report, Compact)}</script>
        <script type="application/json" id="charts">{JsonSerializer.Serialize(charts, Compact)}</script>
        <script>{Resource("echarts.js")}</script>
        <script>
        {Resource("page.js")}
        </script>
        </body>
        </html>

        """;

    /// <summary>Writes a page and its JSON beside it (the same name, .json).</summary>
    /// <returns>Path of the JSON.</returns>
    public static async Task<string> WriteAsync<T>(string path, string html, T report, CancellationToken cancellation)
    {
        var full = OutputPath.Prepare("--out", path);
        var json = Path.ChangeExtension(full, ".json");
        if (json == full)
        {
            throw new TrainingException($"--out is {path}; name the page, such as report.html: the JSON is written beside it");
        }

        await File.WriteAllTextAsync(full, html, cancellation);
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, Json) + "\n", cancellation);
        return json;
    }

    private static string Resource(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the build left out {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

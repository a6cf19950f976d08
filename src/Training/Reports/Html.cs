using System.Net;
using System.Text;

using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>The pieces that the pages are put together from. Everything that comes from outside goes through <see cref="Text"/>.</summary>
internal static class Html
{
    /// <summary>What stands where a figure is undefined.</summary>
    public const string None = "–";

    /// <summary>Text that can't become markup.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A figure of three decimals.</summary>
    public static string Number(double? value) => value is { } number ? $"{number:F3}" : None;

    /// <summary>An interval.</summary>
    public static string Range(Interval? interval) => interval is null ? None : $"{interval.Low:F3} to {interval.High:F3}";

    /// <summary>A section with its heading.</summary>
    /// <param name="id">For links.</param>
    /// <param name="title">The heading.</param>
    /// <param name="content">Markup.</param>
    public static string Section(string id, string title, string content) => $"""
        <section id="{id}" aria-labelledby="{id}-title">
        <h2 id="{id}-title">{Text(title)}</h2>
        {content}
        </section>
        """;

    /// <summary>A paragraph of explanation.</summary>
    public static string Note(string text) => $"<p class=\"note\">{Text(text)}</p>";

    /// <summary>The place of a chart, with its numbers as a table that opens under it.</summary>
    public static string Figure(Chart chart, string size = "") => $"""
        <figure>
        <div class="chart {size}" data-chart="{Text(chart.Id)}" role="img" aria-label="{Text(chart.Title)}"></div>
        <figcaption>{Text(chart.Title)}</figcaption>
        <details class="numbers"><summary>Numbers</summary>{Table(Headers(chart), Rows(chart))}</details>
        </figure>
        """;

    /// <summary>A table; the first column names the rows, others are right-aligned where their heading begins with '#'.</summary>
    /// <param name="headers">Column headings, '#' first for numbers.</param>
    /// <param name="rows">As many cells as headings.</param>
    public static string Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<HtmlCell>> rows)
    {
        var markup = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        foreach (var header in headers)
        {
            markup.Append(header.StartsWith('#') ? $"<th scope=\"col\" class=\"n\">{Text(header[1..])}</th>" : $"<th scope=\"col\">{Text(header)}</th>");
        }

        markup.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            markup.Append("<tr>");
            for (var column = 0; column < row.Count; column++)
            {
                var cell = row[column];
                markup.Append(
                    cell.IsMarkup ? cell.Content
                    : column == 0 ? $"<th scope=\"row\">{Text(cell.Content)}</th>"
                    : headers[column].StartsWith('#') ? $"<td class=\"n\">{Text(cell.Content)}</td>"
                    : $"<td>{Text(cell.Content)}</td>");
            }

            markup.Append("</tr>\n");
        }

        return markup.Append("</tbody></table></div>").ToString();
    }

    private static IReadOnlyList<string> Headers(Chart chart) =>
        [chart.X.Name.Length > 0 ? chart.X.Name : "x", .. chart.Series.Select(series => "#" + (series.Name.Length > 0 ? series.Name : chart.Y.Name))];

    private static IEnumerable<IReadOnlyList<HtmlCell>> Rows(Chart chart)
    {
        // Series that share their places stand side by side; otherwise each point has a row of its own.
        var columns = chart.Series.Select(series => series.Points.ToLookup(point => point[0], point => point[1])).ToList();
        foreach (var x in chart.Series.SelectMany(series => series.Points.Select(point => point[0])).Distinct().Order())
        {
            var most = columns.Max(column => column[x].Count());
            for (var i = 0; i < most; i++)
            {
                yield return (HtmlCell[])
                [
                    chart.X.Categories is { } names ? names[(int)x!.Value] : $"{x:0.###}",
                    .. columns.Select(column => column[x].ElementAtOrDefault(i) is { } y ? $"{y:0.###}" : ""),
                ];
            }
        }
    }
}

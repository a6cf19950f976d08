namespace StreamGenre.Training.Reports;

/// <summary>A table's cell: text, or markup made here.</summary>
/// <param name="Content">What stands in it.</param>
/// <param name="IsMarkup">Whether that is a whole &lt;td&gt; and not text.</param>
internal readonly record struct HtmlCell(string Content, bool IsMarkup)
{
    /// <summary>Text is text, whatever it holds.</summary>
    public static implicit operator HtmlCell(string text) => new(text, IsMarkup: false);

    /// <summary>A cell of small print, wide enough to be read.</summary>
    public static HtmlCell Wide(string text) => new($"<td class=\"wide\">{Html.Text(text)}</td>", IsMarkup: true);

    /// <summary>A cell with a bar as long as its figure, 0..1.</summary>
    public static HtmlCell Bar(double? value) => new(
        value is { } share ? $"<td class=\"n bar\" style=\"--v:{share:F3}\">{share:F3}</td>" : $"<td class=\"n\">{Html.None}</td>", IsMarkup: true);
}

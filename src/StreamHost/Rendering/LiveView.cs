using Spectre.Console;
using Spectre.Console.Rendering;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Updates as a table with bars that is drawn over itself.</summary>
internal sealed class LiveView(LiveDisplayContext display, TimeProvider time) : IUpdateView
{
    private const int Genres = 8;
    private const int BarCells = 40;

    // A terminal shows no more than some 20 pictures a second, and drawing would slow a replay at full speed.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    private string _caption = "";
    private long? _lastDraw;

    public void Show(V1.GenreUpdate update)
    {
        if (_lastDraw is { } last && time.GetElapsedTime(last) < MinInterval && update.State != V1.StreamState.Ended)
        {
            return;
        }

        _lastDraw = time.GetTimestamp();
        display.UpdateTarget(Draw(update, _caption));
    }

    public void Caption(string text) => _caption = text;

    /// <summary>The picture of one update.</summary>
    public static IRenderable Draw(V1.GenreUpdate update, string caption)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders()
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("").NoWrap().Width(BarCells))
            .AddColumn(new TableColumn("").NoWrap().RightAligned());
        var first = true;
        foreach (var score in UpdateText.Ranked(update).Take(Genres))
        {
            var style = new Style(first ? Color.Green : Color.Grey, decoration: first ? Decoration.Bold : Decoration.None);
            table.AddRow(new Text(score.Genre, style), new Text(Bar(score.Score), style), new Text(UpdateText.Percent(score.Score), style));
            first = false;
        }

        if (first)
        {
            table.AddRow("nothing heard yet");
        }

        var content = new Rows(
            new Text($"{UpdateText.Clock(update.WindowEnd)}  {UpdateText.Facts(update)}", new Style(Color.Grey)),
            table,
            new Text(caption, new Style(Color.Grey)));
        return new Panel(content).Header(Markup.Escape(update.StreamId)).Border(BoxBorder.Rounded);
    }

    // Eighths of a cell make a bar smooth.
    private static string Bar(float score)
    {
        var eighths = (int)MathF.Round(Math.Clamp(score, 0, 1) * BarCells * 8);
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : ((char)('▉' + (7 - (eighths % 8)))).ToString());
    }
}

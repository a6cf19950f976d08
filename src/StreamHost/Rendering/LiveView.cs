using Spectre.Console;
using Spectre.Console.Rendering;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Updates as a table with bars that is drawn over itself.</summary>
internal sealed class LiveView(LiveDisplayContext display, TimeProvider time) : IUpdateView
{
    private const int Genres = 8;
    private const int GenresOfSeveral = 3;
    private const int BarCells = 40;

    // A terminal shows no more than some 20 pictures a second, and drawing would slow a replay at full speed.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    private readonly SortedDictionary<string, V1.GenreUpdate> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _captions = new(StringComparer.Ordinal);
    private long? _lastDraw;

    public void Show(V1.GenreUpdate update)
    {
        _streams[update.StreamId] = update;
        if (_lastDraw is { } last && time.GetElapsedTime(last) < MinInterval && update.State != V1.StreamState.Ended)
        {
            return;
        }

        _lastDraw = time.GetTimestamp();
        var genres = _streams.Count > 1 ? GenresOfSeveral : Genres;
        display.UpdateTarget(new Rows(_streams.Values.Select(of => Draw(of, _captions.GetValueOrDefault(of.StreamId) ?? _captions.GetValueOrDefault("", ""), genres))));
    }

    public void Caption(string text, string streamId = "") => _captions[streamId] = text;

    /// <summary>The picture of one update.</summary>
    public static IRenderable Draw(V1.GenreUpdate update, string caption, int genres = Genres)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders()
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("").NoWrap().Width(BarCells))
            .AddColumn(new TableColumn("").NoWrap().RightAligned());

        // What is announced stands out; a top genre of which the stream is unsure looks like a question, and in silence nothing stands out.
        var first = true;
        var sure = update.AnnouncedGenre.Length > 0 && update.AnnouncedGenre == update.TopGenre;
        var top = sure ? new Style(Color.Green, decoration: Decoration.Bold) : new Style(update.TopGenre.Length > 0 ? Color.Yellow : Color.Grey);
        foreach (var score in UpdateText.Ranked(update).Take(genres))
        {
            var style = first ? top : new Style(Color.Grey);
            table.AddRow(new Text(first && UpdateText.IsUnsure(update) ? score.Genre + "?" : score.Genre, style), new Text(UpdateText.Bar(score.Score, BarCells), style), new Text(UpdateText.Percent(score.Score), style));
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
}

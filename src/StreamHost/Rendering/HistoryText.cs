using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Changes and histories, in words.</summary>
internal static class HistoryText
{
    private const int BarCells = 40;

    /// <summary>A moment in UTC as ISO 8601 has it, to the second.</summary>
    public static string Iso(Timestamp time) => time.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>A state in a word without spaces.</summary>
    public static string State(V1.StreamState state) => UpdateText.State(state).Replace(' ', '_');

    /// <summary>A change on one line, in local time.</summary>
    public static string Line(V1.GenreChanged change)
    {
        var line = $"{Local(change.Time, "HH:mm:ss")}  {change.StreamId}  {Genre(change.FromGenre, V1.StreamState.Unspecified)} -> {Genre(change.ToGenre, change.State)}";
        if (change.ToGenre.Length > 0)
        {
            line += $" {UpdateText.Percent(change.Confidence)}";
        }

        if (change.StreamTitle.Length > 0)
        {
            line += $"  \"{change.StreamTitle}\"";
        }

        return change.MissedChanges > 0 ? $"{line}  ({change.MissedChanges} missed)" : line;
    }

    /// <summary>A whole history: the shares, then the changes.</summary>
    public static void Print(V1.GetHistoryResponse history, IAnsiConsole console)
    {
        console.WriteLine(
            $"{history.StreamId}: {UpdateText.Clock(history.Audio)} of audio from {Local(history.Since, "yyyy-MM-dd HH:mm")} to {Local(history.Until, "yyyy-MM-dd HH:mm")}"
            + (history.DroppedWindows > 0 ? $", {history.DroppedWindows} windows dropped" : ""));
        var shares = new Table().Border(TableBorder.None).HideHeaders()
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("").NoWrap().Width(BarCells))
            .AddColumn(new TableColumn("").NoWrap().RightAligned());
        void Share(string name, float share)
        {
            if (share >= 0.0005f)
            {
                shares.AddRow(Markup.Escape(name), UpdateText.Bar(share, BarCells), UpdateText.Percent(share));
            }
        }

        foreach (var share in history.Shares)
        {
            Share(share.Genre, share.Share);
        }

        Share("unsure", history.UnannouncedShare);
        Share("silence", history.SilentShare);
        console.Write(shares);
        foreach (var change in history.Changes)
        {
            console.WriteLine($"{Local(change.Time, "yyyy-MM-dd ")}{Line(change)}");
        }

        if (history.Truncated)
        {
            console.WriteLine("Older changes and minutes are left out; ask for a shorter span, or raise --limit.");
        }

        if (!history.Complete)
        {
            console.WriteLine("The history's database does not answer: this is what the server remembers itself.");
        }
    }

    private static string Local(Timestamp time, string format) => time.ToDateTimeOffset().ToLocalTime().ToString(format, CultureInfo.InvariantCulture);

    private static string Genre(string genre, V1.StreamState state) => genre.Length > 0 ? genre : state switch
    {
        V1.StreamState.Silent => "silence",
        V1.StreamState.Ended => "the end",
        V1.StreamState.WarmingUp or V1.StreamState.Live => "unsure",
        _ => "nothing",
    };
}

using System.Globalization;
using System.Text;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>A history as CSV (RFC 4180), with a line of names on top.</summary>
internal static class HistoryCsv
{
    /// <summary>The changes, one a line.</summary>
    public static string Changes(V1.GetHistoryResponse history) => Write(csv =>
    {
        Row(csv, "time", "from_genre", "to_genre", "confidence", "state", "audio_seconds", "stream_title", "instance");
        foreach (var change in history.Changes)
        {
            Row(
                csv,
                HistoryText.Iso(change.Time),
                change.FromGenre,
                change.ToGenre,
                Number(change.Confidence),
                HistoryText.State(change.State),
                Number(change.AudioTime.ToTimeSpan().TotalSeconds),
                Title(change.StreamTitle),
                change.Instance);
        }
    });

    /// <summary>The minutes, one a line, with a column for each genre's share and one for its mean score.</summary>
    public static string Minutes(V1.GetHistoryResponse history) => Write(csv =>
    {
        var genres = history.Minutes.SelectMany(minute => minute.Genres).Select(genre => genre.Genre).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Row(
            csv,
            [
                "start", "audio_seconds", "silent_share", "unannounced_share", "dropped_windows", "instance",
                .. genres.Select(genre => "share:" + genre),
                .. genres.Select(genre => "score:" + genre),
            ]);
        foreach (var minute in history.Minutes)
        {
            var parts = minute.Genres.ToDictionary(genre => genre.Genre, StringComparer.Ordinal);
            Row(
                csv,
                [
                    HistoryText.Iso(minute.Start), Number(minute.Audio.ToTimeSpan().TotalSeconds), Number(minute.SilentShare), Number(minute.UnannouncedShare),
                    minute.DroppedWindows.ToString(CultureInfo.InvariantCulture), minute.Instance,
                    .. genres.Select(genre => Number(parts.GetValueOrDefault(genre)?.Share ?? 0)),
                    .. genres.Select(genre => Number(parts.GetValueOrDefault(genre)?.MeanScore ?? 0)),
                ]);
        }
    });

    private static string Write(Action<StringBuilder> write)
    {
        var csv = new StringBuilder();
        write(csv);
        return csv.ToString();
    }

    private static void Row(StringBuilder csv, params IEnumerable<string> fields) => csv.AppendJoin(',', fields.Select(Field)).Append('\n');

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // Titles come from anywhere; a spreadsheet must not take one for a formula.
    private static string Title(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}

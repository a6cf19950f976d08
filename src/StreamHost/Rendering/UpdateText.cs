using Google.Protobuf.WellKnownTypes;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Pieces of updates, in words.</summary>
internal static class UpdateText
{
    /// <summary>Audio time as h:mm:ss.</summary>
    public static string Clock(Duration? duration)
    {
        var time = duration?.ToTimeSpan() ?? TimeSpan.Zero;
        return $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";
    }

    /// <summary>A state in words.</summary>
    public static string State(V1.StreamState state) => state switch
    {
        V1.StreamState.WarmingUp => "warming up",
        V1.StreamState.Live => "live",
        V1.StreamState.Silent => "silent",
        V1.StreamState.Ended => "ended",
        _ => "unknown",
    };

    /// <summary>A score in per cent.</summary>
    public static string Percent(float score) => $"{score * 100:0} %";

    /// <summary>The highest rolling scores first.</summary>
    public static IEnumerable<V1.GenreScore> Ranked(V1.GenreUpdate update) => update.RollingScores.OrderByDescending(score => score.Score);

    /// <summary>Whether something is heard, but nothing announced.</summary>
    public static bool IsUnsure(V1.GenreUpdate update) =>
        update.AnnouncedGenre.Length == 0 && update.TopGenre.Length > 0 && update.State is V1.StreamState.WarmingUp or V1.StreamState.Live;

    /// <summary>A stream's announced genre; the top one with a question mark while the stream is unsure.</summary>
    public static string Genre(V1.StreamInfo stream) =>
        stream.AnnouncedGenre.Length > 0 ? stream.AnnouncedGenre : stream.TopGenre.Length > 0 ? stream.TopGenre + "?" : "";

    /// <summary>A bar of a share of <paramref name="cells"/> characters; eighths of a character make it smooth.</summary>
    public static string Bar(float share, int cells)
    {
        var eighths = (int)MathF.Round(Math.Clamp(share, 0, 1) * cells * 8);
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : ((char)('▉' + (7 - (eighths % 8)))).ToString());
    }

    /// <summary>What stands beside the clock: the state, on how much it rests while it warms up, how sure it is, the latency, and what was lost.</summary>
    public static string Facts(V1.GenreUpdate update)
    {
        var facts = State(update.State);
        if (update.State == V1.StreamState.WarmingUp)
        {
            facts += $", rests on {update.SmoothedDuration.ToTimeSpan().TotalSeconds:0} s";
        }

        if (IsUnsure(update))
        {
            facts += $", {update.TopGenre}? ({Percent(update.Confidence)})";
        }
        else if (update.AnnouncedGenre.Length > 0)
        {
            // The confidence is the top genre's, which another may be until it has held for long enough.
            facts += update.AnnouncedGenre == update.TopGenre ? $", {update.AnnouncedGenre} ({Percent(update.Confidence)})" : $", {update.AnnouncedGenre}";
        }

        facts += $", {update.ProcessingLatency.ToTimeSpan().TotalMilliseconds:0.0} ms";
        if (update.DroppedWindows > 0)
        {
            facts += $", {update.DroppedWindows} dropped";
        }

        return update.MissedUpdates > 0 ? $"{facts}, {update.MissedUpdates} missed" : facts;
    }

    /// <summary>A whole update on one line.</summary>
    public static string Line(V1.GenreUpdate update)
    {
        var scores = string.Join("  ", Ranked(update).Take(3).Select(score => $"{score.Genre} {Percent(score.Score)}"));
        return $"{Clock(update.WindowEnd)}  {(scores.Length == 0 ? "nothing heard yet" : scores)}  ({Facts(update)})";
    }
}

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

    /// <summary>What stands beside the clock: the state, on how much it rests while it warms up, the latency, and what was lost.</summary>
    public static string Facts(V1.GenreUpdate update)
    {
        var facts = State(update.State);
        if (update.State == V1.StreamState.WarmingUp)
        {
            facts += $", rests on {update.SmoothedDuration.ToTimeSpan().TotalSeconds:0} s";
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

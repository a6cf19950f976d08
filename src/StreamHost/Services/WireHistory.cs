using Google.Protobuf.WellKnownTypes;
using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Services;

/// <summary>Changes and minutes, as the wire carries them.</summary>
internal static class WireHistory
{
    private const float LeastScore = 0.001f;

    /// <summary>Writes a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="number">Its number among the server's; 0 in a history.</param>
    /// <param name="missed">Changes lost just before it.</param>
    public static V1.GenreChanged Write(GenreChange change, long number = 0, long missed = 0) => new()
    {
        Change = number,
        StreamId = change.StreamId,
        FromGenre = change.From,
        ToGenre = change.To,
        Time = Timestamp.FromDateTimeOffset(change.Time),
        AudioTime = Duration.FromTimeSpan(change.AudioTime),
        Confidence = change.Confidence,
        State = WireUpdate.Write(change.State),
        StreamTitle = change.Title,
        Sequence = number == 0 ? 0 : change.Sequence,
        MissedChanges = missed,
        Instance = change.Instance,
    };

    /// <summary>Writes the answer to a query.</summary>
    public static V1.GetHistoryResponse Write(HistoryQuery query, HistoryAnswer answer)
    {
        var audio = answer.Minutes.Sum(minute => minute.AudioSeconds);
        float Share(double seconds) => audio > 0 ? (float)(seconds / audio) : 0;
        var silent = answer.Minutes.Sum(minute => minute.SilentSeconds);
        var response = new V1.GetHistoryResponse
        {
            StreamId = query.StreamId,
            Since = Timestamp.FromDateTimeOffset(query.Since),
            Until = Timestamp.FromDateTimeOffset(query.Until),
            Changes = { answer.Changes.Select(change => Write(change)) },
            Minutes = { answer.Minutes.Select(Write) },
            Audio = Duration.FromTimeSpan(TimeSpan.FromSeconds(audio)),
            SilentShare = Share(silent),
            DroppedWindows = answer.Minutes.Sum(minute => minute.DroppedWindows),
            Truncated = answer.IsTruncated,
            Complete = answer.IsComplete,
        };

        // Minutes of one stream may come from several models: genres go by their names.
        var genres = answer.Minutes
            .SelectMany(minute => minute.Labels.Select((genre, i) => (Genre: genre, Seconds: minute.Seconds[i], Score: minute.Scores[i] * minute.AudioSeconds)))
            .GroupBy(part => part.Genre, StringComparer.Ordinal)
            .Select(parts => new V1.GenreShare { Genre = parts.Key, Share = Share(parts.Sum(part => part.Seconds)), MeanScore = Share(parts.Sum(part => part.Score)) });
        response.Shares.AddRange(Ranked(genres));
        response.UnannouncedShare = Rest(audio, response.SilentShare, response.Shares);
        return response;
    }

    private static V1.MinuteSummary Write(MinuteSummary minute)
    {
        float Share(double seconds) => minute.AudioSeconds > 0 ? (float)(seconds / minute.AudioSeconds) : 0;
        var written = new V1.MinuteSummary
        {
            Start = Timestamp.FromDateTimeOffset(minute.Start),
            Audio = Duration.FromTimeSpan(TimeSpan.FromSeconds(minute.AudioSeconds)),
            SilentShare = Share(minute.SilentSeconds),
            DroppedWindows = minute.DroppedWindows,
            Instance = minute.Instance,
        };
        written.Genres.AddRange(Ranked(minute.Labels.Select((genre, i) =>
            new V1.GenreShare { Genre = genre, Share = Share(minute.Seconds[i]), MeanScore = minute.Scores[i] })));
        written.UnannouncedShare = Rest(minute.AudioSeconds, written.SilentShare, written.Genres);
        return written;
    }

    private static IEnumerable<V1.GenreShare> Ranked(IEnumerable<V1.GenreShare> genres) => genres
        .Where(genre => genre.Share > 0 || genre.MeanScore >= LeastScore)
        .OrderByDescending(genre => genre.Share)
        .ThenByDescending(genre => genre.MeanScore);

    // Rounding must not show as a share of its own.
    private static float Rest(double audio, float silent, IEnumerable<V1.GenreShare> genres) =>
        audio > 0 && 1 - silent - genres.Sum(genre => genre.Share) is > 1e-4f and var rest ? rest : 0;
}

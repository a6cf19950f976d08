using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Updates and streams, as the wire carries them.</summary>
internal static class WireUpdate
{
    /// <summary>Writes an update.</summary>
    /// <param name="update">What is heard.</param>
    /// <param name="missed">Updates that this reader lost just before it.</param>
    public static V1.GenreUpdate Write(GenreUpdate update, long missed)
    {
        var message = new V1.GenreUpdate
        {
            StreamId = update.StreamId,
            Sequence = update.Sequence,
            WindowStart = Duration.FromTimeSpan(update.WindowStart),
            WindowEnd = Duration.FromTimeSpan(update.WindowEnd),
            TopGenre = update.TopGenre,
            State = Write(update.State),
            SmoothedDuration = Duration.FromTimeSpan(update.SmoothedDuration),
            DroppedWindows = update.DroppedWindows,
            ProcessingLatency = Duration.FromTimeSpan(update.ProcessingLatency),
            ModelName = update.Model.Name,
            ModelVersion = update.Model.Version,
            MissedUpdates = missed,
        };
        AddScores(message.WindowScores, update.WindowScores.Span, update.Model.Labels);
        AddScores(message.RollingScores, update.RollingScores.Span, update.Model.Labels);
        return message;
    }

    /// <summary>Writes what came of a published stream, from its last update.</summary>
    public static V1.PublishSummary WriteSummary(StreamSession session, long classifiedWindows)
    {
        var summary = new V1.PublishSummary
        {
            StreamId = session.Id,
            AudioDuration = Duration.FromTimeSpan(session.AudioTime),
            ClassifiedWindows = classifiedWindows,
            DroppedWindows = session.DroppedWindows,
        };
        if (session.Log.Newest is { } newest)
        {
            var scores = newest.RollingScores.ToArray();
            summary.RollingScores.AddRange(
                scores.Select((score, i) => new V1.GenreScore { Genre = newest.Model.Labels[i], Score = score }).OrderByDescending(s => s.Score));
        }

        return summary;
    }

    /// <summary>Writes a stream at a glance.</summary>
    public static V1.StreamInfo WriteInfo(StreamSession session)
    {
        var newest = session.Log.Newest;
        return new V1.StreamInfo
        {
            StreamId = session.Id,
            State = session.IsEnded ? V1.StreamState.Ended : newest is null ? V1.StreamState.WarmingUp : Write(newest.State),
            AudioDuration = Duration.FromTimeSpan(session.AudioTime),
            LastSequence = session.Log.LastSequence,
            FirstSequence = session.Log.FirstSequence,
            TopGenre = newest?.TopGenre ?? "",
            TopScore = newest is { RollingScores.IsEmpty: false } ? System.Numerics.Tensors.TensorPrimitives.Max(newest.RollingScores.Span) : 0,
            Subscribers = session.Subscribers,
            DroppedWindows = session.DroppedWindows,
            Config = WireSettings.Write(session.Settings),
        };
    }

    private static V1.StreamState Write(StreamState state) => state switch
    {
        StreamState.WarmingUp => V1.StreamState.WarmingUp,
        StreamState.Live => V1.StreamState.Live,
        StreamState.Silent => V1.StreamState.Silent,
        _ => V1.StreamState.Ended,
    };

    private static void AddScores(Google.Protobuf.Collections.RepeatedField<V1.GenreScore> target, ReadOnlySpan<float> scores, IReadOnlyList<string> labels)
    {
        target.Capacity = scores.Length;
        for (var i = 0; i < scores.Length; i++)
        {
            target.Add(new V1.GenreScore { Genre = labels[i], Score = scores[i] });
        }
    }
}

using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Updates and streams, as the wire carries them.</summary>
internal static class WireUpdate
{
    /// <summary>Writes an update into a message of its own.</summary>
    /// <param name="update">What is heard.</param>
    /// <param name="missed">Updates that this reader lost just before it.</param>
    public static V1.GenreUpdate Write(GenreUpdate update, long missed) => Write(update, missed, new V1.GenreUpdate());

    /// <summary>Writes an update over what <paramref name="message"/> held, whose parts are used again.</summary>
    /// <param name="update">What is heard.</param>
    /// <param name="missed">Updates that this reader lost just before it.</param>
    /// <param name="message">Empty, or written by this method; returned.</param>
    public static V1.GenreUpdate Write(GenreUpdate update, long missed, V1.GenreUpdate message)
    {
        message.StreamId = update.StreamId;
        message.Sequence = update.Sequence;
        message.WindowStart = Write(update.WindowStart, message.WindowStart);
        message.WindowEnd = Write(update.WindowEnd, message.WindowEnd);
        message.TopGenre = update.TopGenre;
        message.State = Write(update.State);
        message.SmoothedDuration = Write(update.SmoothedDuration, message.SmoothedDuration);
        message.DroppedWindows = update.DroppedWindows;
        message.ProcessingLatency = Write(update.ProcessingLatency, message.ProcessingLatency);
        message.ModelName = update.Model.Name;
        message.ModelVersion = update.Model.Version;
        message.MissedUpdates = missed;
        message.Confidence = update.Confidence;
        message.Entropy = update.Entropy;
        message.AnnouncedGenre = update.AnnouncedGenre;
        message.AnnouncedChanged = update.AnnouncedBefore is not null;
        message.UpdateTime = Write(update.Time, message.UpdateTime);
        message.StreamTitle = update.StreamTitle;
        WriteScores(message.WindowScores, update.WindowScores.Span, update.Model.Labels);
        WriteScores(message.RollingScores, update.RollingScores.Span, update.Model.Labels);
        return message;
    }

    /// <summary>Writes what came of a published stream, from its last update.</summary>
    public static V1.PublishSummary WriteSummary(StreamSession session)
    {
        var summary = new V1.PublishSummary
        {
            StreamId = session.Id,
            AudioDuration = Duration.FromTimeSpan(session.AudioTime),
            ClassifiedWindows = session.ClassifiedWindows,
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
            LastSequence = session.Log.Last,
            FirstSequence = session.Log.First,
            TopGenre = newest?.TopGenre ?? "",
            TopScore = newest is { RollingScores.IsEmpty: false } ? System.Numerics.Tensors.TensorPrimitives.Max(newest.RollingScores.Span) : 0,
            Subscribers = session.Subscribers,
            DroppedWindows = session.DroppedWindows,
            Config = WireSettings.Write(session.Settings),
            Confidence = newest?.Confidence ?? 0,
            AnnouncedGenre = newest?.AnnouncedGenre ?? "",
            ProcessingLatency = newest is null ? null : Duration.FromTimeSpan(newest.ProcessingLatency),
            Name = session.Name,
            StreamTitle = session.StreamTitle,
        };
    }

    /// <summary>Writes a state.</summary>
    public static V1.StreamState Write(StreamState state) => state switch
    {
        StreamState.WarmingUp => V1.StreamState.WarmingUp,
        StreamState.Live => V1.StreamState.Live,
        StreamState.Silent => V1.StreamState.Silent,
        _ => V1.StreamState.Ended,
    };

    private static Duration Write(TimeSpan time, Duration? duration)
    {
        duration ??= new Duration();
        duration.Seconds = time.Ticks / TimeSpan.TicksPerSecond;
        duration.Nanos = (int)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        return duration;
    }

    private static Timestamp Write(DateTimeOffset time, Timestamp? timestamp)
    {
        timestamp ??= new Timestamp();
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        timestamp.Seconds = ticks / TimeSpan.TicksPerSecond;
        timestamp.Nanos = (int)(ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        return timestamp;
    }

    private static void WriteScores(
        Google.Protobuf.Collections.RepeatedField<V1.GenreScore> target, ReadOnlySpan<float> scores, IReadOnlyList<string> labels)
    {
        // All the labels or none (a silent window): then the parts are lost, and made anew for the next that has scores.
        if (target.Count != scores.Length)
        {
            target.Clear();
            foreach (var label in labels.Take(scores.Length))
            {
                target.Add(new V1.GenreScore { Genre = label });
            }
        }

        for (var i = 0; i < scores.Length; i++)
        {
            target[i].Score = scores[i];
        }
    }
}

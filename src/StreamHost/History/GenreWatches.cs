using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.History;

/// <summary>Opens the ways through the changes, for gRPC and HTTP alike.</summary>
internal sealed class GenreWatches(StreamHistory history, StreamRegistry registry)
{
    /// <summary>Number of the newest change; 0 when there is none yet.</summary>
    public long Last => history.Changes.Last;

    /// <summary>Starts to follow one stream, or all.</summary>
    /// <param name="streamId">The stream's id; empty for all.</param>
    /// <param name="after">Only changes after the one of this number; null for from now on.</param>
    /// <exception cref="StreamRefusedException">There is no such stream, or the number is none or has not been reached.</exception>
    public GenreWatch Open(string streamId, long? after)
    {
        var last = history.Changes.Last;
        if (after is < 0)
        {
            throw new StreamRefusedException(StreamRefusal.Invalid, $"Changes after number {after} are asked for; they are numbered from 1, and 0 asks for all.");
        }

        if (after > last)
        {
            throw new StreamRefusedException(
                StreamRefusal.NotReachedYet,
                $"Changes after number {after} are asked for, but the server has reached {last}: it may have been restarted. Leave the number out to start from now, and read the history for what was before.");
        }

        var recorder = streamId.Length == 0 ? null : registry.Find(streamId).Recorder;
        return new GenreWatch(history.Changes, streamId, recorder, after ?? last);
    }
}

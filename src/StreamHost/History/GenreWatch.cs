using System.Runtime.CompilerServices;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.History;

/// <summary>One watcher's way through the changes, of all streams or of one.</summary>
/// <param name="log">All changes.</param>
/// <param name="streamId">The stream to follow; empty for all.</param>
/// <param name="recorder">The recorder of that stream, with whose end the way ends; null for all.</param>
/// <param name="after">The first change wanted is the one after this number.</param>
internal sealed class GenreWatch(NumberedLog<GenreChange> log, string streamId, StreamRecorder? recorder, long after)
{
    /// <summary>Whether the stream is over and has no change left to read.</summary>
    public bool IsDone()
    {
        if (recorder is not { IsOver: true })
        {
            return false;
        }

        for (var next = after + 1; log.Read(next) is ({ } change, var number, _); next = number + 1)
        {
            if (change.StreamId == streamId)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The changes as they come, their numbers, and how many (all streams' counted) were lost just before.</summary>
    public async IAsyncEnumerable<(GenreChange Change, long Number, long Missed)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = after + 1;
        var missed = 0L;
        while (true)
        {
            // Looked at before the log: a stream that is over by then has all its changes in it.
            var isOver = recorder is { IsOver: true };
            var (change, number, changed) = log.Read(next);
            if (change is null)
            {
                if (isOver)
                {
                    yield break;
                }

                await changed!.WaitAsync(cancellationToken);
                continue;
            }

            missed += number - next;
            next = number + 1;
            if (streamId.Length == 0 || change.StreamId == streamId)
            {
                yield return (change, number, missed);
                missed = 0;
            }
        }
    }
}

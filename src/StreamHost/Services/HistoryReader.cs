using Google.Protobuf.WellKnownTypes;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Answers requests for a history, for gRPC and HTTP alike.</summary>
internal sealed class HistoryReader(StreamHistory history, StreamRegistry registry, TimeProvider time)
{
    private const int UsualLimit = 10_000;
    private const int MaxLimit = 50_000;

    private static readonly TimeSpan UsualSpan = TimeSpan.FromDays(1);

    /// <summary>Reads what was asked for.</summary>
    /// <exception cref="StreamRefusedException">The request is wrong, or nothing is known of such a stream.</exception>
    public async Task<V1.GetHistoryResponse> ReadAsync(V1.GetHistoryRequest request, CancellationToken cancellationToken)
    {
        // Now is in it, though the span ends before its end.
        var until = request.Until is { } given ? TimeOf("until", given) : time.GetUtcNow().AddTicks(1);
        var since = request.Since is { } from ? TimeOf("since", from) : until - UsualSpan;
        if (since >= until)
        {
            throw new StreamRefusedException(StreamRefusal.Invalid, $"since is {since:u} and until is {until:u}; since must be before until.");
        }

        if (request.Limit is < 0 or > MaxLimit)
        {
            throw new StreamRefusedException(StreamRefusal.Invalid, $"limit is {request.Limit}; it must be 1..{MaxLimit}, or 0 for {UsualLimit}.");
        }

        var session = registry.TryFind(request.StreamId);
        var query = new HistoryQuery(request.StreamId, since, until, request.Instance, request.Limit == 0 ? UsualLimit : request.Limit);
        var answer = await history.ReadAsync(query, session?.Recorder, cancellationToken);
        if (session is null && answer.Changes.Count == 0 && answer.Minutes.Count == 0)
        {
            throw new StreamRefusedException(
                StreamRefusal.UnknownStream,
                $"Nothing is known of a stream '{request.StreamId}' between {since:u} and {until:u}"
                + (answer.IsComplete ? "; look further back." : ", and the history's database does not answer; try again later."));
        }

        return WireHistory.Write(query, answer);
    }

    private static DateTimeOffset TimeOf(string name, Timestamp timestamp)
    {
        try
        {
            return timestamp.ToDateTimeOffset();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new StreamRefusedException(StreamRefusal.Invalid, $"{name} has {timestamp.Seconds} seconds and {timestamp.Nanos} nanos; it must lie in the years 1..9999.");
        }
    }
}

using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>All streams at a glance for one reader: everything at first, then what has changed. One connection, whatever the number of streams.</summary>
internal sealed class GlanceFeed(StreamRegistry registry, ModelContract model)
{
    /// <summary>Wall time of a strip's cell: smoothing over 30 s changes little faster.</summary>
    public const int CellSeconds = 10;

    /// <summary>Ten minutes, as long as a stream's updates are kept.</summary>
    public const int Cells = 60;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Dictionary<string, (StreamSession Session, long Sequence, string Title, bool IsEnded)> _sent = new(StringComparer.Ordinal);
    private bool _begun;

    /// <summary>How to read what follows.</summary>
    public string Legend() => JsonSerializer.Serialize(new GlanceLegend(model.Labels, $"{model.Name} {model.Version}", CellSeconds, Cells), Json);

    /// <summary>What has changed since the last call.</summary>
    public string Next()
    {
        var streams = new List<StreamGlance>();
        var gone = _sent.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var session in registry.List())
        {
            gone.Remove(session.Id);
            var known = _sent.TryGetValue(session.Id, out var sent) && sent.Session == session;
            var now = (session, session.Log.Last, session.StreamTitle, session.IsEnded);
            if (!known || sent != now)
            {
                _sent[session.Id] = now;
                streams.Add(Glance(session, withStrip: !known));
            }
        }

        foreach (var id in gone)
        {
            _sent.Remove(id);
        }

        var changes = new GlanceChanges(!_begun, streams, [.. gone]);
        _begun = true;
        return JsonSerializer.Serialize(changes, Json);
    }

    private static StreamGlance Glance(StreamSession session, bool withStrip)
    {
        var newest = session.Log.Newest;
        return new StreamGlance(
            session.Id,
            session.Name,
            session.StreamTitle,
            StateOf(session, newest),
            Heard.Of(newest),
            newest is { RollingScores.IsEmpty: false } ? TensorPrimitives.IndexOfMax(newest.RollingScores.Span) : -1,
            MathF.Round(newest?.Confidence ?? 0, 3),
            Math.Round(session.AudioTime.TotalSeconds, 1),
            Math.Round(newest?.ProcessingLatency.TotalMilliseconds ?? 0, 1),
            session.DroppedWindows,
            session.Log.Last,
            newest is null ? 0 : Math.Round(SecondsOf(newest), 1),
            withStrip ? Strip(session) : null);
    }

    private static string StateOf(StreamSession session, GenreUpdate? newest) => (session.IsEnded ? StreamState.Ended : newest?.State ?? StreamState.WarmingUp) switch
    {
        StreamState.WarmingUp => "WARMING_UP",
        StreamState.Live => "LIVE",
        StreamState.Silent => "SILENT",
        _ => "ENDED",
    };

    private static StripGlance Strip(StreamSession session)
    {
        var cells = new SortedDictionary<long, int>();
        foreach (var update in session.Log.ToArray())
        {
            if (update.State != StreamState.Ended || !update.WindowScores.IsEmpty)
            {
                cells[(long)Math.Floor(SecondsOf(update) / CellSeconds)] = Heard.Of(update);
            }
        }

        if (cells.Count == 0)
        {
            return new StripGlance(0, []);
        }

        var last = cells.Keys.Last();
        return new StripGlance(last, [.. Enumerable.Range(0, Cells).Select(i => cells.GetValueOrDefault(last - Cells + 1 + i, Heard.Nothing))]);
    }

    private static double SecondsOf(GenreUpdate update) => update.Time.ToUnixTimeMilliseconds() / 1000.0;
}

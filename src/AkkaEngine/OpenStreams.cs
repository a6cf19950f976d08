using System.Collections.Concurrent;

namespace StreamGenre.AkkaEngine;

/// <summary>The streams that are not over. Thread-safe.</summary>
internal sealed class OpenStreams
{
    private readonly ConcurrentDictionary<AkkaGenreStream, bool> _streams = new();
    private volatile bool _isServed = true;

    /// <summary>Whether there is, or will be, an actor that runs them.</summary>
    public bool IsServed
    {
        get => _isServed;
        set => _isServed = value;
    }

    /// <summary>A stream was opened.</summary>
    public void Add(AkkaGenreStream stream) => _streams[stream] = true;

    /// <summary>A stream is over.</summary>
    public void Remove(AkkaGenreStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>Ends them all with an error.</summary>
    public void FailAll(Exception reason)
    {
        foreach (var stream in _streams.Keys)
        {
            stream.Fail(reason);
        }
    }
}

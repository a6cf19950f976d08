namespace StreamGenre.StreamHost.Sources;

/// <summary>
/// The watchdogs of one connection: tells from when audio came, and from whether it was silent, where the connection stands and when it has to be ended.
/// Times are those of one monotonic clock. Not thread-safe.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="begin">When the connection was asked for.</param>
internal sealed class SourceWatch(SupervisionOptions options, TimeSpan begin)
{
    private TimeSpan? _firstAudio;
    private TimeSpan _lastAudio = begin;
    private TimeSpan? _silentSince;

    /// <summary>Where the connection stands: CONNECTING, LIVE, SILENT or STALLED.</summary>
    public SourceState State { get; private set; } = SourceState.Connecting;

    /// <summary>Audio came.</summary>
    /// <param name="now">When.</param>
    /// <param name="isSilent">Whether all of it is digital silence.</param>
    public void Hear(TimeSpan now, bool isSilent)
    {
        _firstAudio ??= now;
        _lastAudio = now;
        _silentSince = isSilent ? _silentSince ?? now : null;
        State = _silentSince is { } since && now - since >= options.SilentAfter ? SourceState.Silent : SourceState.Live;
    }

    /// <summary>Looks at the clock; gives the reason to end the connection, in words, or null to let it be.</summary>
    public string? Check(TimeSpan now)
    {
        var quiet = now - _lastAudio;
        if (_firstAudio is null)
        {
            return quiet >= options.ConnectTimeout ? $"no audio came within {options.ConnectTimeout.TotalSeconds:0.###} s" : null;
        }

        if (quiet >= options.StalledAfter)
        {
            State = SourceState.Stalled;
            return quiet >= options.RestartAfter ? $"the connection is open, but no audio came for {options.RestartAfter.TotalSeconds:0.###} s" : null;
        }

        return _silentSince is { } since && options.SilentRestart > TimeSpan.Zero && now - since >= options.SilentRestart
            ? $"nothing but digital silence for {options.SilentRestart.TotalSeconds:0.###} s"
            : null;
    }

    /// <summary>Whether it has brought audio for long enough to count as a success.</summary>
    public bool IsStable => _firstAudio is { } first && _lastAudio - first >= options.StableAfter;
}

namespace StreamGenre.Stages.Windowing;

/// <summary>
/// Tells silence from sound, window by window, with hysteresis: it closes under one level and opens again at another that is not lower. It starts open, so
/// that quiet music is heard from its first window. Not thread-safe; state belongs to one stream.
/// </summary>
internal sealed class LevelGate(SilenceOptions options)
{
    private bool _closed;

    /// <summary>Whether the stream's next window is silent.</summary>
    /// <param name="levelDbfs">The window's level.</param>
    public bool IsSilent(double levelDbfs) => _closed = levelDbfs < (_closed ? options.OpenDbfs : options.CloseDbfs);
}

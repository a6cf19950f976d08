namespace StreamGenre.Training.Data;

/// <summary>A recording's log-mel frames, wherever they lie: in memory or on disk. Safe to read from several threads.</summary>
internal interface IMelFrames
{
    /// <summary>Rows of a frame: mel bands, and wavelet bands behind them where the front end has any.</summary>
    int MelBins { get; }

    /// <summary>Frames, one a hop.</summary>
    int Count { get; }

    /// <summary>Copies the frames from <paramref name="first"/> on as a window [mels, frames], in dB.</summary>
    void CopyTo(int first, int count, Span<float> window);
}

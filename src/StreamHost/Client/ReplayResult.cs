namespace StreamGenre.StreamHost.Client;

/// <summary>What came of one file.</summary>
/// <param name="Name">The file.</param>
/// <param name="TopGenre">The last rolling top genre; empty when the file is too short or silent.</param>
/// <param name="TopScore">Its rolling score.</param>
/// <param name="Audio">Audio sent.</param>
/// <param name="Elapsed">Wall time from the call's start to its end.</param>
/// <param name="Dropped">Windows dropped.</param>
internal sealed record ReplayResult(string Name, string TopGenre, float TopScore, TimeSpan Audio, TimeSpan Elapsed, long Dropped)
{
    /// <summary>Seconds of audio a second.</summary>
    public double RealTimeFactor => Audio / Elapsed;
}

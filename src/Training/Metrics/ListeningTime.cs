namespace StreamGenre.Training.Metrics;

/// <summary>How right the rolling answer is after some seconds of a clip: how long must one listen?</summary>
/// <param name="Seconds">Audio heard, in seconds.</param>
/// <param name="Accuracy">Share of the clips whose rolling top genre, among the labels compared, is theirs, 0..1; null before the first window has ended.</param>
/// <param name="Clips">Clips that last so long; shorter ones stand with their last answer.</param>
internal sealed record ListeningTime(int Seconds, double? Accuracy, int Clips)
{
    // Windows are cut at the mel frame nearest to each second, as far as a quarter of a second beside it after half a minute.
    private const double Tolerance = 0.25;

    /// <summary>By the server's own smoother at its defaults, at 1 to <paramref name="seconds"/> seconds.</summary>
    public static IReadOnlyList<ListeningTime> Of(ScoredSet scored, double temperature, IReadOnlyList<int> among, int seconds = 30)
    {
        var right = new int[seconds + 1];
        var lasting = new int[seconds + 1];
        var window = scored.WindowLength.TotalSeconds;
        foreach (var clip in scored.Clips)
        {
            var answers = RollingVerdict.Answers(clip, scored, temperature).Select(rolling => Probabilities.Top(rolling, among) == clip.Label).ToList();
            for (var second = 1; second <= seconds; second++)
            {
                var ended = (int)Math.Floor((second + Tolerance - window) / scored.WindowHop.TotalSeconds) + 1;
                right[second] += ended > 0 && answers[Math.Min(ended, answers.Count) - 1] ? 1 : 0;
                lasting[second] += ended <= answers.Count ? 1 : 0;
            }
        }

        return [.. Enumerable.Range(1, seconds).Select(second => new ListeningTime(
            second, second + Tolerance >= window ? (double)right[second] / scored.Clips.Count : null, lasting[second]))];
    }
}

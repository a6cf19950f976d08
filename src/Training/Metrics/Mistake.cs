namespace StreamGenre.Training.Metrics;

/// <summary>A clip that was heard as something else.</summary>
/// <param name="Clip">Its id.</param>
/// <param name="Genre">What it is.</param>
/// <param name="Heard">What it was heard as.</param>
/// <param name="Confidence">Probability of what it was heard as, the mean over its windows.</param>
/// <param name="GenreProbability">Probability of what it is.</param>
internal sealed record Mistake(string Clip, string Genre, string Heard, double Confidence, double GenreProbability)
{
    /// <summary>The mistakes, the most confident first: label errors and genres that overlap stand at the top.</summary>
    /// <param name="scored">The set.</param>
    /// <param name="clips">Its clips' predictions, in its order.</param>
    /// <param name="most">Length of the list.</param>
    public static IReadOnlyList<Mistake> Worst(ScoredSet scored, Predictions clips, int most = 20) => [.. Enumerable.Range(0, clips.Truth.Count)
        .Where(clip => clips.Top(clip) != clips.Truth[clip])
        .Select(clip => new Mistake(
            scored.Clips[clip].Clip.Id, clips.Labels[clips.Truth[clip]], clips.Labels[clips.Top(clip)], clips.Scores[clip][clips.Top(clip)], clips.Scores[clip][clips.Truth[clip]]))
        .OrderByDescending(mistake => mistake.Confidence)
        .ThenBy(mistake => mistake.Clip, StringComparer.Ordinal)
        .Take(most)];
}

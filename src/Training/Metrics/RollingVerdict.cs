using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Training.Metrics;

/// <summary>What the server would say of clips at their ends: the top genre of the rolling scores, over all of the model's labels.</summary>
internal static class RollingVerdict
{
    /// <summary>Final rolling top genre of each clip, by the server's own smoother at its defaults.</summary>
    /// <returns>Pairs of true and heard label, in the clips' order.</returns>
    public static IReadOnlyList<(int Label, int Heard)> Of(ScoredSet scored, double temperature) => scored.Clips
        .Select(clip => (clip.Label, Last(clip, scored, temperature)))
        .ToList();

    private static int Last(ClipLogits clip, ScoredSet scored, double temperature)
    {
        var smoother = new RollingSmoother(new SmoothingOptions(), scored.Labels.Count, scored.WindowHop);
        double[] rolling = [];
        var start = TimeSpan.Zero;
        foreach (var row in Evaluation.Rows(clip, scored.Labels.Count, temperature))
        {
            rolling = Array.ConvertAll(smoother.Add(start, start + scored.WindowLength, Array.ConvertAll(row, score => (float)score)).ToArray(), score => (double)score);
            start += scored.WindowHop;
        }

        return Probabilities.Top(rolling, Enumerable.Range(0, rolling.Length));
    }
}

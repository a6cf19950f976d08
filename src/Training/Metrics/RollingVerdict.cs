using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Training.Metrics;

/// <summary>What the server would say of clips: the top genre of the rolling scores, by its own smoother at its defaults.</summary>
internal static class RollingVerdict
{
    /// <summary>Final rolling top genre of each clip, over all of the model's labels.</summary>
    /// <returns>Pairs of true and heard label, in the clips' order.</returns>
    public static IReadOnlyList<(int Label, int Heard)> Of(ScoredSet scored, double temperature) => scored.Clips
        .Select(clip => (clip.Label, Probabilities.Top(Answers(clip, scored, temperature)[^1], Enumerable.Range(0, scored.Labels.Count))))
        .ToList();

    /// <summary>The rolling scores over all labels after each of a clip's windows.</summary>
    public static IReadOnlyList<double[]> Answers(ClipLogits clip, ScoredSet scored, double temperature)
    {
        var smoother = new RollingSmoother(new SmoothingOptions(), scored.Labels.Count, scored.WindowHop, sumToOne: scored.Kind != ScoreKind.IndependentProbabilities);
        var start = TimeSpan.Zero;
        var answers = new List<double[]>(clip.Windows);
        foreach (var row in scored.Rows(clip, temperature))
        {
            var rolling = smoother.Add(start, start + scored.WindowLength, Array.ConvertAll(row, score => (float)score));
            answers.Add(Array.ConvertAll(rolling.ToArray(), score => (double)score));
            start += scored.WindowHop;
        }

        return answers;
    }
}

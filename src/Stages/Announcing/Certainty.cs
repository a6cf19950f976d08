using System.Numerics.Tensors;

namespace StreamGenre.Stages.Announcing;

/// <summary>How sure rolling scores are.</summary>
internal static class Certainty
{
    // Fitted to the rolling scores of a network on 197 clips that it had not learnt from, for 3..29 s of audio; docs/history.md has the figures.
    private const double SharpeningRate = 1 / 7.0;

    /// <summary>
    /// How likely the genre with the highest score is right. A mean of calibrated probabilities is too cautious: it takes the windows for guesses at one
    /// thing, but each adds to what is known. So the scores are sharpened, p ← pᵞ made to sum to what they summed to before, with γ = 1 + ln(n) / 7 for as
    /// much audio as n windows hold: 1 for a single window, 1.33 for 30 s of windows of 3 s.
    /// </summary>
    /// <param name="scores">Rolling scores that summed to one before silence took some away.</param>
    /// <param name="windows">Audio that they rest on, in windows' lengths; less than 1 counts as 1.</param>
    public static float Confidence(ReadOnlySpan<float> scores, double windows)
    {
        var total = scores.IsEmpty ? 0 : TensorPrimitives.Sum(scores);
        if (!(total > 0))
        {
            return 0;
        }

        var top = TensorPrimitives.Max(scores);
        var sharpening = 1 + (SharpeningRate * Math.Log(Math.Max(1, windows)));
        var sum = 0.0;
        foreach (var score in scores)
        {
            // Over the top one's, so that nothing underflows.
            sum += Math.Pow(score / top, sharpening);
        }

        return Math.Min(1, (float)(total / sum));
    }

    /// <summary>
    /// Shannon entropy of the scores, made to sum to one, over that of equal scores: H = −Σ p·ln p / ln n, 0 (one genre alone) to 1 (all alike). 1 where
    /// there is no score over 0: nothing is known.
    /// </summary>
    public static float Entropy(ReadOnlySpan<float> scores)
    {
        var total = scores.IsEmpty ? 0 : TensorPrimitives.Sum(scores);
        if (!(total > 0))
        {
            return 1;
        }

        var entropy = 0.0;
        foreach (var score in scores)
        {
            // Its limit at 0 is 0.
            var p = score / (double)total;
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        return scores.Length == 1 ? 0 : (float)Math.Clamp(entropy / Math.Log(scores.Length), 0, 1);
    }
}

using System.Numerics.Tensors;

namespace StreamGenre.Stages.Announcing;

/// <summary>How sure rolling scores are.</summary>
internal static class Certainty
{
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

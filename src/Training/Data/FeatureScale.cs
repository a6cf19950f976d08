namespace StreamGenre.Training.Data;

/// <summary>How features are standardised.</summary>
internal static class FeatureScale
{
    /// <summary>What each feature, less its mean, is divided by.</summary>
    /// <param name="variances">[features].</param>
    /// <param name="share">Share of the usual deviation that is added to each, so that a feature that hardly varies is not blown up to noise.</param>
    public static double[] Of(double[] variances, double share)
    {
        var deviations = Array.ConvertAll(variances, variance => Math.Sqrt(Math.Max(0, variance)));
        var least = Math.Max(1e-6, share * deviations.Average());
        return Array.ConvertAll(deviations, deviation => deviation + least);
    }
}

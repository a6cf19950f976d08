namespace StreamGenre.Training.Data;

/// <summary>How features are standardised.</summary>
internal static class FeatureScale
{
    // A feature that hardly varies is not blown up to noise: a tenth of the usual deviation is added to each.
    private const double DeviationShare = 0.1;

    /// <summary>What each feature, less its mean, is divided by.</summary>
    /// <param name="variances">[features].</param>
    public static double[] Of(double[] variances)
    {
        var deviations = Array.ConvertAll(variances, variance => Math.Sqrt(Math.Max(0, variance)));
        var least = Math.Max(1e-6, DeviationShare * deviations.Average());
        return Array.ConvertAll(deviations, deviation => deviation + least);
    }
}

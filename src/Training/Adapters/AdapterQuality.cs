using System.Numerics.Tensors;

namespace StreamGenre.Training.Adapters;

/// <summary>How like the backbone's own features the adapted ones are, on recordings by artists held back.</summary>
/// <param name="Explained">Share of the features' variance over windows that is met, 1 − Σ|guessed − heard|² / Σ|heard − mean|²; 1 at best.</param>
/// <param name="Cosine">Mean cosine between guessed and heard features, either less its mean over all windows; 1 at best, about 0 by chance.</param>
internal sealed record AdapterQuality(double Explained, double Cosine)
{
    /// <summary>Of rows of features, one a window.</summary>
    public static AdapterQuality Of(IReadOnlyList<float[]> guessed, IReadOnlyList<float[]> heard)
    {
        var (guessedMean, heardMean) = (Mean(guessed), Mean(heard));
        double missed = 0, all = 0, cosine = 0;
        for (var i = 0; i < heard.Count; i++)
        {
            var (g, h) = (Less(guessed[i], guessedMean), Less(heard[i], heardMean));
            missed += TensorPrimitives.SumOfSquares<float>(Less(guessed[i], heard[i]));
            all += TensorPrimitives.SumOfSquares<float>(h);
            cosine += TensorPrimitives.CosineSimilarity<float>(g, h) / heard.Count;
        }

        return new AdapterQuality(1 - (missed / all), cosine);
    }

    private static float[] Less(float[] a, float[] b)
    {
        var difference = new float[a.Length];
        TensorPrimitives.Subtract<float>(a, b, difference);
        return difference;
    }

    private static float[] Mean(IReadOnlyList<float[]> rows)
    {
        var mean = new float[rows[0].Length];
        foreach (var row in rows)
        {
            TensorPrimitives.MultiplyAdd<float>(row, 1f / rows.Count, mean, mean);
        }

        return mean;
    }
}

using MathNet.Numerics.LinearAlgebra;

namespace StreamGenre.Training.Export;

/// <summary>Least squares with a quadratic penalty (ridge regression), of several targets at once.</summary>
internal static class RidgeRegression
{
    /// <summary>Least of Σ|W·xᵢ + b − yᵢ|² + penalty·rows·v·|W|², where v is the features' mean variance.</summary>
    /// <param name="rows">[rows, features].</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="targets">[rows, targets].</param>
    /// <param name="penalty">Above 0; scikit-learn's alpha is penalty·rows·v.</param>
    /// <returns>Weights [targets, features] and bias [targets].</returns>
    public static (double[] Weights, double[] Bias) Fit(IReadOnlyList<float> rows, int features, IReadOnlyList<float> targets, double penalty)
    {
        // Each column is a row of the arguments.
        var count = rows.Count / features;
        var (x, mean) = Centred(rows, features);
        var (y, middle) = Centred(targets, targets.Count / count);
        var gram = x.TransposeAndMultiply(x);
        gram += Matrix<double>.Build.DenseIdentity(features) * (penalty * gram.Trace() / features);
        var weights = gram.Cholesky().Solve(x.TransposeAndMultiply(y));
        return (weights.ToColumnMajorArray(), (middle - weights.TransposeThisAndMultiply(mean)).ToArray());
    }

    private static (Matrix<double> Columns, Vector<double> Mean) Centred(IReadOnlyList<float> values, int size)
    {
        var columns = Matrix<double>.Build.Dense(size, values.Count / size, (row, column) => values[(column * size) + row]);
        var mean = columns.RowSums() / columns.ColumnCount;
        columns.MapIndexedInplace((row, _, value) => value - mean[row]);
        return (columns, mean);
    }
}

using System.Numerics.Tensors;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Export;

/// <summary>
/// Multinomial logistic regression with a quadratic penalty, every label counting as much however many rows it has, and of its rows every group as much: a
/// genre of which half the recordings are by three artists is not to be learnt as what these sound like.
/// </summary>
internal static class LogisticRegression
{
    private const int MostSteps = 2_000;

    // Of the gradient's largest entry, where it began at about 1/labels.
    private const double Tolerance = 1e-6;

    // With 0.1 what hardly varies in the clips learnt from was heard too much: real recordings by other artists were told apart in 101 and 96 of 140 cases, by
    // two networks, with 0.3 in 104 and 101, and as many of GTZAN's clips; more than 0.3 gains nothing.
    private const double DeviationShare = 0.3;

    /// <summary>
    /// Least of Σ wᵢ·(−ln softmax(sᵢ + W·zᵢ + b)[labelᵢ]) + penalty/2·|W|², zᵢ the standardised rows, sᵢ the values of the layer it starts from, the wᵢ of each
    /// label summing to 1/labels and those of its groups all to the same; found by accelerated gradient descent (Nesterov 1983) with restarts.
    /// </summary>
    /// <param name="rows">[rows][features].</param>
    /// <param name="labels">The label of each row, 0 and up.</param>
    /// <param name="groups">Whose each row is, such as its artist.</param>
    /// <param name="start">A layer to add to, weights [labels, features] and bias [labels], which costs nothing; zeros for none.</param>
    /// <param name="penalty">Above 0; scikit-learn's C is 1/penalty, the wᵢ its sample weights.</param>
    /// <returns>Weights [labels, features] and bias [labels] for the rows as they are, not standardised, the start's with them.</returns>
    /// <exception cref="TrainingException">A label has no row.</exception>
    public static (double[] Weights, double[] Bias) Fit(
        IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, IReadOnlyList<string> groups, (double[] Weights, double[] Bias) start, double penalty)
    {
        var count = start.Bias.Length;
        var members = labels.Zip(groups).CountBy(pair => pair).ToDictionary();
        var groupsOf = members.Keys.CountBy(pair => pair.First).ToDictionary();
        if (Enumerable.Range(0, count).FirstOrDefault(label => !groupsOf.ContainsKey(label), -1) is >= 0 and var missing)
        {
            throw new TrainingException($"label {missing} of {count} has no clip to fit the last layer on");
        }

        var features = rows[0].Length;
        var (mean, scale) = Moments(rows);
        double[][] starts = [.. rows.Select(row => Enumerable.Range(0, count)
            .Select(label => start.Bias[label] + TensorPrimitives.Dot<double>(start.Weights.AsSpan(label * features, features), row)).ToArray())];
        var z = rows.Select(row => row.Select((value, i) => (value - mean[i]) / scale[i]).Append(1).ToArray()).ToList();
        var shares = labels.Zip(groups).Select(pair => 1.0 / (count * groupsOf[pair.First] * members[pair])).ToArray();
        var rate = 1 / ((0.5 * HighestCurvature(z, shares)) + penalty);

        // Of each label: the weights, then the bias.
        var width = features + 1;
        var (at, looked, gradient) = (new double[count * width], new double[count * width], new double[count * width]);
        var momentum = 1.0;
        for (var step = 0; step < MostSteps; step++)
        {
            Gradient(z, starts, labels, shares, looked, penalty, gradient);
            if (TensorPrimitives.MaxMagnitude<double>(gradient) is < Tolerance and > -Tolerance)
            {
                break;
            }

            var next = looked.Zip(gradient, (value, slope) => value - (rate * slope)).ToArray();
            var moved = next.Zip(at, (after, before) => after - before).ToArray();

            // Where the momentum leads uphill it starts anew (O'Donoghue and Candès 2015).
            momentum = TensorPrimitives.Dot<double>(gradient, moved) > 0 ? 1 : momentum;
            var further = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            looked = next.Zip(moved, (value, move) => value + ((momentum - 1) / further * move)).ToArray();
            (at, momentum) = (next, further);
        }

        double[] weights = [.. start.Weights], bias = [.. start.Bias];
        for (var label = 0; label < count; label++)
        {
            bias[label] += at[(label * width) + features];
            for (var i = 0; i < features; i++)
            {
                var weight = at[(label * width) + i] / scale[i];
                weights[(label * features) + i] += weight;
                bias[label] -= weight * mean[i];
            }
        }

        return (weights, bias);
    }

    private static void Gradient(List<double[]> z, double[][] starts, IReadOnlyList<int> labels, double[] shares, double[] at, double penalty, double[] gradient)
    {
        var width = z[0].Length;
        var count = at.Length / width;
        TensorPrimitives.Multiply(at, penalty, gradient);
        for (var label = 0; label < count; label++)
        {
            gradient[(label * width) + width - 1] = 0;
        }

        var scores = new double[count];
        for (var row = 0; row < z.Count; row++)
        {
            for (var label = 0; label < count; label++)
            {
                scores[label] = starts[row][label] + TensorPrimitives.Dot<double>(at.AsSpan(label * width, width), z[row]);
            }

            TensorPrimitives.SoftMax<double>(scores, scores);
            scores[labels[row]]--;
            for (var label = 0; label < count; label++)
            {
                var slope = gradient.AsSpan(label * width, width);
                TensorPrimitives.MultiplyAdd(z[row], shares[row] * scores[label], slope, slope);
            }
        }
    }

    /// <summary>The largest eigenvalue of Σ shareᵢ·zᵢ·zᵢᵀ, from which the loss's curvature is bounded, by power iteration, a little high.</summary>
    private static double HighestCurvature(List<double[]> z, double[] shares)
    {
        var direction = new double[z[0].Length];
        Array.Fill(direction, 1 / Math.Sqrt(direction.Length));
        var highest = 0.0;
        for (var step = 0; step < 50; step++)
        {
            var image = new double[direction.Length];
            for (var row = 0; row < z.Count; row++)
            {
                TensorPrimitives.MultiplyAdd(z[row], shares[row] * TensorPrimitives.Dot<double>(z[row], direction), image, image);
            }

            highest = TensorPrimitives.Norm<double>(image);
            TensorPrimitives.Divide(image, highest, direction);
        }

        return highest * 1.05;
    }

    private static (double[] Mean, double[] Scale) Moments(IReadOnlyList<double[]> rows)
    {
        var (mean, square) = (new double[rows[0].Length], new double[rows[0].Length]);
        foreach (var row in rows)
        {
            TensorPrimitives.MultiplyAdd(row, 1.0 / rows.Count, mean, mean);
        }

        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                square[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / rows.Count;
            }
        }

        return (mean, FeatureScale.Of(square, DeviationShare));
    }
}

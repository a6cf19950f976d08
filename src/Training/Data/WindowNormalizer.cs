using System.Numerics.Tensors;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>
/// What the server does to a finished window, on a window of training data: floor under the maximum, then standardise. Training, validation
/// and serving meet here; a test holds this against the server's own front end.
/// </summary>
internal static class WindowNormalizer
{
    private const double Epsilon = 1e-6;

    /// <summary>Normalises one window in place.</summary>
    public static void Apply(Span<float> window, double? floorBelowMax, WindowNormalization normalization)
    {
        if (floorBelowMax is { } floor)
        {
            var lowest = TensorPrimitives.Max<float>(window) - (float)floor;
            TensorPrimitives.Max(window, lowest, window);
        }

        if (normalization == WindowNormalization.Standardize)
        {
            double sum = 0;
            foreach (var cell in window)
            {
                sum += cell;
            }

            var mean = sum / window.Length;
            double squares = 0;
            foreach (var cell in window)
            {
                squares += (cell - mean) * (cell - mean);
            }

            var scale = 1 / (Math.Sqrt(squares / window.Length) + Epsilon);
            foreach (ref var cell in window)
            {
                cell = (float)((cell - mean) * scale);
            }
        }
    }
}

using System.Numerics.Tensors;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>
/// What the server does to a finished window, on a window of training data: floor under the maximum, then standardise, mel and wavelet bands each by
/// themselves. Training, validation and serving meet here; a test holds this against the server's own front end.
/// </summary>
internal static class WindowNormalizer
{
    private const double Epsilon = 1e-6;

    /// <summary>Normalises one window in place.</summary>
    /// <param name="window">[rows, frames] of the contract's front end.</param>
    /// <param name="contract">What a window is.</param>
    public static void Apply(Span<float> window, ModelContract contract)
    {
        var frames = window.Length / contract.Mel.Rows;
        foreach (var block in contract.Mel.Blocks())
        {
            Apply(window[(block.Start.Value * frames)..(block.End.Value * frames)], contract.FloorBelowMax, contract.Normalization);
        }
    }

    /// <summary>Normalises one block of bands in place.</summary>
    public static void Apply(Span<float> block, double? floorBelowMax, WindowNormalization normalization)
    {
        if (floorBelowMax is { } floor)
        {
            var lowest = TensorPrimitives.Max<float>(block) - (float)floor;
            TensorPrimitives.Max(block, lowest, block);
        }

        if (normalization == WindowNormalization.Standardize)
        {
            double sum = 0;
            foreach (var cell in block)
            {
                sum += cell;
            }

            var mean = sum / block.Length;
            double squares = 0;
            foreach (var cell in block)
            {
                squares += (cell - mean) * (cell - mean);
            }

            var scale = 1 / (Math.Sqrt(squares / block.Length) + Epsilon);
            foreach (ref var cell in block)
            {
                cell = (float)((cell - mean) * scale);
            }
        }
    }
}

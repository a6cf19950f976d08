using System.Numerics;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// The numbers of windows that a GPU sees: powers of two and the largest batch. cuDNN chooses an algorithm for each shape of a convolution when it
/// first meets it, so a batch is padded to the next of a few shapes, all of which have been met before the first window comes.
/// </summary>
internal static class BatchBuckets
{
    /// <summary>The least bucket that holds <paramref name="windows"/>, 1..<paramref name="maxWindows"/>.</summary>
    public static int For(int windows, int maxWindows) => Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)windows), maxWindows);

    /// <summary>All buckets, from the largest down: a device's memory then grows once.</summary>
    public static IEnumerable<int> Descending(int maxWindows)
    {
        yield return maxWindows;
        for (var size = (int)BitOperations.RoundUpToPowerOf2((uint)maxWindows) / 2; size > 0; size /= 2)
        {
            yield return size;
        }
    }
}

using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Wavelet;

/// <summary>
/// One signal of a stream's cascade: its last samples, and the two signals of half the rate that are made of it; a band's coefficients where there are
/// none. A chain of them holds the whole state of the transform.
/// </summary>
internal sealed class WaveletNode
{
    /// <summary>Vector kernels may write so many floats behind the last; as many are read behind what is there.</summary>
    public const int Slack = 32;

    public WaveletNode(int capacity, int history, WaveletNode? low = null, WaveletNode? high = null)
    {
        Samples = new AlignedArray<float>(capacity + history + Slack);
        Filled = history;
        (Low, High) = (low, high);
    }

    /// <summary>The samples not yet used up, and before them those that the filters still reach: zeros before a stream's first.</summary>
    public AlignedArray<float> Samples { get; }

    /// <summary>How many of <see cref="Samples"/> count.</summary>
    public int Filled { get; set; }

    /// <summary>What the low-pass filter leaves.</summary>
    public WaveletNode? Low { get; }

    /// <summary>What the high-pass filter leaves.</summary>
    public WaveletNode? High { get; }

    /// <summary>Drops the oldest samples.</summary>
    public void Drop(int count)
    {
        Samples.Span[count..Filled].CopyTo(Samples.Span);
        Filled -= count;
    }
}

using System.Buffers;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Mel;

/// <summary>Mono samples -> mel frames (logarithm taken, no floor), each hop computed once. Not thread-safe; state belongs to one stream.</summary>
public sealed class MelSpectrogram(MelOptions options)
{
    /// <summary>How the frames are made.</summary>
    public MelOptions Options { get; } = options;

    /// <summary>Takes the next samples, cut anywhere, and writes MelBins values for each frame that they complete.</summary>
    public void Push(ReadOnlySpan<float> samples, IBufferWriter<float> frames)
    {
    }

    /// <summary>Ends the stream as librosa does: with zeros behind it, so that a centred stream of n samples has 1 + ⌊n/hop⌋ frames.</summary>
    public void Complete(IBufferWriter<float> frames)
    {
    }

    /// <summary>The whole spectrogram of <paramref name="samples"/>, [frames, MelBins].</summary>
    public static float[] Compute(MelOptions options, ReadOnlySpan<float> samples) => [];
}

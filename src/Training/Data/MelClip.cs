namespace StreamGenre.Training.Data;

/// <summary>One recording's log-mel frames.</summary>
internal sealed class MelClip
{
    /// <summary>A clip of <paramref name="frames"/> frames.</summary>
    public MelClip(string id, int label, string group, int melBins, int frames, float[] decibels)
    {
        if (decibels.Length != melBins * frames)
        {
            throw new ArgumentException($"{id} holds {decibels.Length} cells where {melBins} x {frames} are wanted", nameof(decibels));
        }

        (Id, Label, Group, MelBins, Frames, Decibels) = (id, label, group, melBins, frames, decibels);
    }

    /// <summary>Name in its set, such as <c>blues.00012</c> or <c>classical/001.opus</c>.</summary>
    public string Id { get; }

    /// <summary>Index into its set's labels.</summary>
    public int Label { get; }

    /// <summary>Clips of one group (an artist) never stand on both sides of a split; the clip's own id where no artist is known.</summary>
    public string Group { get; }

    /// <summary>Mel bands.</summary>
    public int MelBins { get; }

    /// <summary>Frames, one a hop.</summary>
    public int Frames { get; }

    /// <summary>[mels, frames], mel bin 0 the lowest; dB up to a constant of the clip.</summary>
    public float[] Decibels { get; }

    /// <summary>Whole windows of so many frames at such a hop; 0 for a clip that is shorter than one.</summary>
    public int WindowCount(int windowFrames, int hopFrames) => Frames < windowFrames ? 0 : ((Frames - windowFrames) / hopFrames) + 1;

    /// <summary>Copies a window [mels, frames] that begins at a frame.</summary>
    public void CopyWindow(int firstFrame, int windowFrames, Span<float> window)
    {
        for (var mel = 0; mel < MelBins; mel++)
        {
            Decibels.AsSpan((mel * Frames) + firstFrame, windowFrames).CopyTo(window.Slice(mel * windowFrames, windowFrames));
        }
    }
}

namespace StreamGenre.Training.Data;

/// <summary>One recording's log-mel frames and what is known of it.</summary>
internal sealed class MelClip
{
    /// <summary>A clip of one genre, its cells [mels, frames] in memory.</summary>
    public MelClip(string id, int label, string group, int melBins, int frames, float[] decibels)
        : this(
            id,
            [label],
            group,
            decibels.Length == melBins * frames
                ? new DecibelFrames(decibels, melBins, frames)
                : throw new ArgumentException($"{id} holds {decibels.Length} cells where {melBins} x {frames} are wanted", nameof(decibels)))
    {
    }

    /// <summary>A clip of one or more genres.</summary>
    /// <param name="id">See <see cref="Id"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>; at least one.</param>
    /// <param name="group">See <see cref="Group"/>.</param>
    /// <param name="cells">The frames.</param>
    public MelClip(string id, IReadOnlyList<int> labels, string group, IMelFrames cells)
    {
        if (labels.Count == 0)
        {
            throw new ArgumentException($"{id} has no label", nameof(labels));
        }

        (Id, Labels, Group, Cells) = (id, labels, group, cells);
    }

    /// <summary>Name in its set, such as <c>blues.00012</c> or <c>classical/001.opus</c>.</summary>
    public string Id { get; }

    /// <summary>The genre, an index into its set's labels; of a clip of several genres the first, its main one.</summary>
    public int Label => Labels[0];

    /// <summary>All its genres, the main one first.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Clips of one group (an artist) never stand on both sides of a split by artist; its track where no artist is known.</summary>
    public string Group { get; }

    /// <summary>The recording that it is cut from; its own id where it is one.</summary>
    public string Track
    {
        get => field ?? Id;
        init;
    }

    /// <summary>The side its data set puts it on, in the set's own word (<c>training</c>, <c>dev</c>, ...); null where the set has no split of its own.</summary>
    public string? Split { get; init; }

    /// <summary>Rows of a frame: mel bands, and wavelet bands behind them where the front end has any.</summary>
    public int MelBins => Cells.MelBins;

    /// <summary>Frames, one a hop.</summary>
    public int Frames => Cells.Count;

    /// <summary>The frames; mel bin 0 the lowest, dB up to a constant of the clip.</summary>
    public IMelFrames Cells { get; }

    /// <summary>Whole windows of so many frames at such a hop; 0 for a clip that is shorter than one.</summary>
    public int WindowCount(int windowFrames, int hopFrames) => Frames < windowFrames ? 0 : ((Frames - windowFrames) / hopFrames) + 1;

    /// <summary>Copies a window [mels, frames] that begins at a frame.</summary>
    public void CopyWindow(int firstFrame, int windowFrames, Span<float> window) => Cells.CopyTo(firstFrame, windowFrames, window);

    /// <summary>All frames [mels, frames], a copy.</summary>
    public float[] ToDecibels()
    {
        var all = new float[MelBins * Frames];
        CopyWindow(0, Frames, all);
        return all;
    }

    /// <summary>The same clip with its frames repeated in turn until there are <paramref name="frames"/> of them; itself where there are as many.</summary>
    public MelClip FilledTo(int frames) => Frames >= frames ? this : new MelClip(Id, Labels, Group, new RepeatedFrames(Cells, frames)) { Split = Split, Track = Track };

    /// <summary>The same clip in another group.</summary>
    public MelClip InGroup(string group) => new(Id, Labels, group, Cells) { Split = Split, Track = Track };

    /// <summary>The same clip in a set that numbers its labels otherwise.</summary>
    public MelClip Relabelled(IReadOnlyList<int> labels) => labels.SequenceEqual(Labels) ? this : new MelClip(Id, labels, Group, Cells) { Split = Split, Track = Track };
}

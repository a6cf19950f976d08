using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Training.Data;

/// <summary>Labelled clips of one front end.</summary>
internal sealed class MelSet
{
    /// <summary>A set of clips whose labels index into <paramref name="labels"/>.</summary>
    public MelSet(IReadOnlyList<string> labels, IReadOnlyList<MelClip> clips)
    {
        foreach (var clip in clips)
        {
            if (clip.Labels.FirstOrDefault(label => label < 0 || label >= labels.Count, clip.Label) is var label && (label < 0 || label >= labels.Count))
            {
                throw new TrainingException($"{clip.Id} has label {label}, but the set names {labels.Count} labels");
            }
        }

        if (clips.Select(clip => clip.MelBins).Distinct().Count() > 1)
        {
            throw new TrainingException("the set mixes clips of different numbers of mel bands");
        }

        (Labels, Clips) = (labels, clips);
    }

    /// <summary>Genre names.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The clips.</summary>
    public IReadOnlyList<MelClip> Clips { get; }

    /// <summary>Whether a clip may have several genres: targets are then one yes or no a genre, and the genres of a clip stand in <see cref="MelClip.Labels"/>.</summary>
    public bool IsMultiLabel => Clips.Any(clip => clip.Labels.Count > 1);

    /// <summary>
    /// The same set for windows of a contract: clips that are shorter than one but at least as long as the shortest stream that the server answers (0.5 s)
    /// have their frames repeated in turn until one is full, as the server does; others stay as they are.
    /// </summary>
    public MelSet FilledFor(ModelContract contract)
    {
        var least = LeastFrames(contract.Mel);
        return new MelSet(Labels, Clips.Select(clip => clip.Frames >= least ? clip.FilledTo(contract.WindowFrames) : clip).ToList());
    }

    /// <summary>Frames of the shortest stream that the server answers.</summary>
    public static int LeastFrames(MelOptions mel) =>
        Math.Max(1, (int)Math.Floor(((WindowAssembler.MinStream.TotalSeconds * mel.SampleRateHz) - mel.FrameReach) / mel.HopSamples) + 1);

    /// <summary>Clips of each label; one of several genres counts at each.</summary>
    public int[] CountByLabel()
    {
        var counts = new int[Labels.Count];
        foreach (var label in Clips.SelectMany(clip => clip.Labels))
        {
            counts[label]++;
        }

        return counts;
    }

    /// <summary>
    /// One set of several, each with its own labels: labels are matched by name, in the order of first appearance, so an
    /// <c>electronic</c> that only the second part knows comes after all of the first part's.
    /// </summary>
    public static MelSet Union(IReadOnlyList<MelSet> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var labels = parts.SelectMany(part => part.Labels).Distinct(StringComparer.Ordinal).ToList();
        return new MelSet(
            labels,
            parts.SelectMany(part => part.Clips.Select(clip => clip.Relabelled(clip.Labels.Select(label => labels.IndexOf(part.Labels[label])).ToList()))).ToList());
    }

    /// <summary>The clips of some genres; the others leave its labels too.</summary>
    public MelSet Only(Func<string, bool> takes)
    {
        var labels = Labels.Where(takes).ToList();
        return labels.Count == Labels.Count
            ? this
            : new MelSet(
                labels,
                Clips.Select(clip => (Clip: clip, Labels: clip.Labels.Select(label => labels.IndexOf(Labels[label])).Where(label => label >= 0).ToList()))
                    .Where(pair => pair.Labels.Count > 0)
                    .Select(pair => pair.Clip.Relabelled(pair.Labels))
                    .ToList());
    }

    /// <summary>
    /// Splits off a share of the groups (artists), drawn by seed. No group stands on both sides.
    /// </summary>
    /// <param name="share">Share of the groups to hold back, 0 to below 1; at least one group where it is above 0.</param>
    /// <param name="seed">Draws the groups; the same seed and groups give the same split whatever the clips' order.</param>
    /// <param name="fold">Which block of the drawn order is held back: fold k of 1/share, for cross-validation.</param>
    public (MelSet Kept, MelSet Held) HoldOut(double share, int seed, int fold = 0)
    {
        if (share is < 0 or >= 1)
        {
            throw new TrainingException($"the share of artists to hold back is {share}; it must be 0 or more and below 1");
        }

        var sets = Splits.Apply(this, new SharesSplit(ByArtist: true, share), seed, fold);
        return (sets.Training, sets.Validation);
    }
}

namespace StreamGenre.Training.Data;

/// <summary>Labelled clips of one front end.</summary>
internal sealed class MelSet
{
    /// <summary>A set of clips whose labels index into <paramref name="labels"/>.</summary>
    public MelSet(IReadOnlyList<string> labels, IReadOnlyList<MelClip> clips)
    {
        foreach (var clip in clips)
        {
            if (clip.Label < 0 || clip.Label >= labels.Count)
            {
                throw new TrainingException($"{clip.Id} has label {clip.Label}, but the set names {labels.Count} labels");
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

    /// <summary>Clips of each label.</summary>
    public int[] CountByLabel()
    {
        var counts = new int[Labels.Count];
        foreach (var clip in Clips)
        {
            counts[clip.Label]++;
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
        return new MelSet(labels, parts.SelectMany(part => part.Clips.Select(clip => Relabel(clip, labels.IndexOf(part.Labels[clip.Label])))).ToList());
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

        var groups = Clips.Select(clip => clip.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        new Random(seed).Shuffle(groups);
        var count = share > 0 ? Math.Max(1, (int)Math.Round(share * groups.Length)) : 0;
        if (fold < 0 || (count > 0 && fold * count >= groups.Length))
        {
            throw new TrainingException($"fold {fold} is beyond the {groups.Length} artists at {count} a fold");
        }

        var held = groups.Skip(fold * count).Take(count).ToHashSet(StringComparer.Ordinal);
        return (new MelSet(Labels, Clips.Where(clip => !held.Contains(clip.Group)).ToList()),
            new MelSet(Labels, Clips.Where(clip => held.Contains(clip.Group)).ToList()));
    }

    private static MelClip Relabel(MelClip clip, int label) =>
        label == clip.Label ? clip : new MelClip(clip.Id, label, clip.Group, clip.MelBins, clip.Frames, clip.Decibels);
}

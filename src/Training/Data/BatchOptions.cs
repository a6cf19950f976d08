namespace StreamGenre.Training.Data;

/// <summary>How training windows are drawn.</summary>
internal sealed record BatchOptions
{
    /// <summary>Draws everything.</summary>
    public int Seed { get; init; }

    /// <summary>Variation of the windows.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Share of every target that is spread evenly over the labels, 0 to below 1 (Szegedy et al. 2016).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// How evenly labels are drawn, 0..1: a label of n clips has a chance in proportion to n^(1 − balance). 1 draws labels evenly whatever their number
    /// of clips, 0 draws clips evenly.
    /// </summary>
    public double Balance { get; init; } = 1;

    /// <summary>Audio time between the places where a clip's windows begin; null for anywhere.</summary>
    public double? WindowHopSeconds { get; init; }

    /// <summary>Targets are a yes or no for each label, all of a clip's genres yes, and not one distribution.</summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>Share of every batch that is drawn from the clips without labels, where there are such, 0 to below 1.</summary>
    public double UnlabelledShare { get; init; } = 0.5;
}

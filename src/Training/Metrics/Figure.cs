namespace StreamGenre.Training.Metrics;

/// <summary>One measured number with its name.</summary>
/// <param name="Key">Its key in JSON.</param>
/// <param name="Name">For people.</param>
/// <param name="Value">The number; null where it is undefined on this set.</param>
/// <param name="Interval">Where it would lie on other clips, 95 %; null where that was not worked out.</param>
/// <param name="Meaning">What it says, and when it misleads.</param>
/// <param name="Better">Which direction is better.</param>
internal sealed record Figure(string Key, string Name, double? Value, Interval? Interval, string Meaning, Better Better = Better.Higher);

/// <summary>Which direction of a figure is better.</summary>
internal enum Better
{
    /// <summary>The higher.</summary>
    Higher,

    /// <summary>The lower.</summary>
    Lower,
}

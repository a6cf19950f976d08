namespace StreamGenre.Training.Reports;

/// <summary>An axis.</summary>
/// <param name="Name">Its name with the unit; empty for none.</param>
/// <param name="Min">Where it begins; null for where the values do.</param>
/// <param name="Max">Where it ends; null for where the values do.</param>
/// <param name="Categories">Names of evenly spaced places in place of numbers; null for numbers.</param>
/// <param name="Whole">Whether only whole numbers are marked.</param>
/// <param name="Logarithmic">Whether ten times as much is as far everywhere; Min must be given and above 0.</param>
internal sealed record ChartAxis(string Name, double? Min = null, double? Max = null, IReadOnlyList<string>? Categories = null, bool Whole = false, bool Logarithmic = false)
{
    /// <summary>A share from 0 to 1.</summary>
    public static ChartAxis Share(string name) => new(name, 0, 1);
}

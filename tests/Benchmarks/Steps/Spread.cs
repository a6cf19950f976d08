namespace StreamGenre.Benchmarks.Steps;

/// <summary>Median and quartiles of a series.</summary>
internal sealed record Spread(double Low, double Median, double High) : IFormattable
{
    /// <summary>Quartiles by linear interpolation between the sorted values.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var below = (int)place;
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }

        return new Spread(At(0.25), At(0.5), At(0.75));
    }

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        $"{Median.ToString(format, formatProvider)} ({Low.ToString(format, formatProvider)} to {High.ToString(format, formatProvider)})";
}

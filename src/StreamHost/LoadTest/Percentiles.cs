namespace StreamGenre.StreamHost.LoadTest;

/// <summary>A distribution in milliseconds, by nearest rank; all zero when there is nothing.</summary>
internal sealed record Percentiles(int Count, double P50, double P95, double P99, double P999, double Max)
{
    /// <summary>Of these times.</summary>
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        double At(double share) => sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
        return new Percentiles(sorted.Length, At(0.50), At(0.95), At(0.99), At(0.999), At(1));
    }
}

namespace StreamGenre.StreamHost.Sources;

/// <summary>
/// When a source that failed is tried again: exponential backoff with jitter, and behind it a breaker. Not thread-safe; state belongs to one source.
/// </summary>
internal sealed class RetryPolicy(SupervisionOptions options, Random random)
{
    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether the breaker is open: <see cref="SupervisionOptions.MaxFailures"/> failures in a row.</summary>
    public bool IsOpen => Failures >= options.MaxFailures;

    /// <summary>Counts a failure and gives the wait before the next try.</summary>
    /// <param name="wasStable">Whether the connection had held for <see cref="SupervisionOptions.StableAfter"/>: then earlier failures are forgotten.</param>
    public TimeSpan Fail(bool wasStable)
    {
        Failures = wasStable ? 1 : Math.Min(Failures + 1, options.MaxFailures);
        if (IsOpen)
        {
            return options.FailedRetry * (1 + (0.1 * random.NextDouble()));
        }

        // Equal jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015): half of min(max, min * 2^n) and a random part of the other half.
        var full = Math.Min(options.MaxBackoff.TotalSeconds, options.MinBackoff.TotalSeconds * Math.Pow(2, Failures));
        return TimeSpan.FromSeconds(Math.Clamp(full * (1 + random.NextDouble()) / 2, options.MinBackoff.TotalSeconds, options.MaxBackoff.TotalSeconds));
    }
}

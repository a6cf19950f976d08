namespace StreamGenre.StreamHost.LoadTest;

/// <summary>Finds the largest load that holds.</summary>
internal static class LimitSearch
{
    /// <summary>No more than this is tried.</summary>
    public const int Most = 65_536;

    // What is measured scatters by more than this from run to run.
    private const double Precision = 0.05;

    /// <summary>Doubles until it fails, then halves the interval until it is within 5 %.</summary>
    /// <param name="start">What is tried first; at least 1.</param>
    /// <param name="holds">Tries a load.</param>
    /// <returns>The largest that held; 0 when none did.</returns>
    public static async Task<int> FindAsync(int start, Func<int, Task<bool>> holds)
    {
        var (held, failed, next) = (0, Most + 1, start);
        while (next > held && next < failed)
        {
            if (await holds(next))
            {
                held = next;
            }
            else
            {
                failed = next;
            }

            var isNearEnough = failed <= Most && failed - held <= Math.Max(1, held * Precision);
            next = isNearEnough ? held : failed > Most ? Math.Min(2 * held, Most) : held + ((failed - held) / 2);
        }

        return held;
    }
}

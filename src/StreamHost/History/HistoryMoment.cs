using System.Globalization;

namespace StreamGenre.StreamHost.History;

/// <summary>Moments as people write them: how long ago (<c>90s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>), or a date, with a time and an offset if wanted.</summary>
internal static class HistoryMoment
{
    /// <summary>How a moment may be written, for those who wrote one otherwise.</summary>
    public const string Form = "a time ago such as 90s, 15m, 2h or 7d, or a moment such as 2026-11-21T10:00 or 2026-11-21T10:00Z";

    /// <summary>Reads a moment.</summary>
    /// <param name="text">As it was written; without an offset it is in <paramref name="zone"/>.</param>
    /// <param name="now">What "ago" counts from.</param>
    /// <param name="zone">The writer's time zone.</param>
    /// <param name="moment">The moment, in UTC.</param>
    public static bool TryParse(string text, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset moment)
    {
        moment = default;
        var seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds > 0)
        {
            if (!double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                || !(count * seconds <= (now - DateTimeOffset.UnixEpoch).TotalSeconds)) // "NaN" is a number too
            {
                return false;
            }

            moment = now.ToUniversalTime() - TimeSpan.FromSeconds(count * seconds);
            return true;
        }

        // Dates are written year first; "10" or "Saturday", which a date parser might take too, are none.
        if (text.Length < "2026-11-21".Length || text[4] != '-'
            || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date))
        {
            return false;
        }

        moment = date.Kind switch
        {
            DateTimeKind.Unspecified => new DateTimeOffset(date, zone.GetUtcOffset(date)).ToUniversalTime(),
            _ => new DateTimeOffset(date.ToUniversalTime(), TimeSpan.Zero),
        };
        return true;
    }
}

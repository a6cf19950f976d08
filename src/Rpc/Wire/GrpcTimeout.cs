using System.Globalization;

namespace Grpc.Wire;

/// <summary>The value of <c>grpc-timeout</c>: 1 to 8 digits and a unit, <c>H M S m u n</c>.</summary>
internal static class GrpcTimeout
{
    private const long MaxDigits = 99_999_999;

    /// <summary>Writes a time in the finest unit, down to microseconds, that 8 digits hold; rounds up, so that no time is lost.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        (long TicksPerUnit, char Unit)[] units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'), (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach (var (ticksPerUnit, unit) in units)
        {
            var count = CeilingDivide(timeout.Ticks, ticksPerUnit);
            if (count <= MaxDigits)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(MaxDigits, CeilingDivide(timeout.Ticks, TimeSpan.TicksPerHour))}H");
    }

    /// <summary>Reads a time. The longest, 8 digits of hours, is 11,400 years and fits a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(CeilingDivide(count, TimeSpan.NanosecondsPerTick));
            return true;
        }

        var ticksPerUnit = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            _ => 0,
        };
        timeout = TimeSpan.FromTicks(count * ticksPerUnit);
        return ticksPerUnit > 0;
    }

    private static long CeilingDivide(long value, long divisor) => (value / divisor) + (value % divisor > 0 ? 1 : 0);
}

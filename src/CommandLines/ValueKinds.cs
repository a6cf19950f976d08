namespace StreamGenre.CommandLines;

/// <summary>What values of a type look like, in words for whoever wrote one that does not.</summary>
internal static class ValueKinds
{
    /// <summary>Says it, as in "it must be …".</summary>
    public static string Of(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } choices => $"one of {string.Join(", ", Enum.GetNames(choices))}",
        var plain when plain == typeof(int) => $"a whole number, {int.MaxValue} at most",
        var plain when plain == typeof(long) => "a whole number",
        var plain when plain == typeof(float) || plain == typeof(double) => "a number",
        var plain when plain == typeof(bool) => "true or false",
        var plain when plain == typeof(TimeSpan) => "a time such as 00:00:30 (hours, minutes, seconds)",
        var other => $"a {other}",
    };
}

using Npgsql;

namespace StreamGenre.StreamHost.History;

/// <summary>Section <c>History</c>: how long what was heard is kept, and where.</summary>
internal sealed record HistoryOptions
{
    private const int MaxInstanceLength = 64;

    /// <summary>This server's name in a history that several share, 1..64 characters; the machine's name.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>
    /// Most memory that the history takes, in MiB, 1..65,536; 64: a minute of a stream counts some 330 bytes, so that is nearly three hours of 1000 streams or five days of 20.
    /// The oldest goes first.
    /// </summary>
    public int MemoryMebibytes { get; init; } = 64;

    /// <summary>
    /// Connection string of a PostgreSQL database that keeps the history beyond the server's end (<c>Host=…;Database=…;Username=…;Password=…</c>); empty for memory
    /// alone. It is never logged.
    /// </summary>
    public string Postgres { get; init; } = "";

    /// <summary>How long anything is kept, 1 hour..10 years; 90 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Rows that may wait for the database, 100..10,000,000; 100,000: while it is away, an hour and a half of 1000 streams. Beyond that the oldest are dropped, and counted.
    /// </summary>
    public int BufferRows { get; init; } = 100_000;

    /// <summary>Everything wrong with these options, each with the offending value (but for secrets); empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool ok, string error)
        {
            if (!ok)
            {
                errors.Add($"History:{error}");
            }
        }

        Check(Instance.Length is >= 1 and <= MaxInstanceLength, $"{nameof(Instance)} has {Instance.Length} characters; it must have 1..{MaxInstanceLength}");
        Check(MemoryMebibytes is >= 1 and <= 65_536, $"{nameof(MemoryMebibytes)} is {MemoryMebibytes}; it must be 1..65536");
        Check(
            Retention >= TimeSpan.FromHours(1) && Retention <= TimeSpan.FromDays(3653),
            $"{nameof(Retention)} is {Retention}; it must be 01:00:00..3653.00:00:00 (days.hours:minutes:seconds)");
        Check(BufferRows is >= 100 and <= 10_000_000, $"{nameof(BufferRows)} is {BufferRows}; it must be 100..10000000");
        if (Postgres.Length > 0 && ConnectionError() is { } error)
        {
            Check(false, $"{nameof(Postgres)} is no connection string ({error}); it must be like Host=db;Database=streamgenre;Username=…;Password=…");
        }

        return errors;
    }

    /// <summary>The connection, with what the history asks of it; what the string itself says goes first.</summary>
    public NpgsqlConnectionStringBuilder Connection()
    {
        var given = new NpgsqlConnectionStringBuilder(Postgres);
        bool Says(string key) => given.Keys!.Cast<string>().Contains(key, StringComparer.OrdinalIgnoreCase);
        return new NpgsqlConnectionStringBuilder(Postgres)
        {
            // One connection writes, few read. Whoever asks for a history gets the memory's if the database has no answer in seconds.
            ApplicationName = Says("Application Name") ? given.ApplicationName : "streamgenre",
            MaxPoolSize = Says("Maximum Pool Size") ? given.MaxPoolSize : 4,
            CommandTimeout = Says("Command Timeout") ? given.CommandTimeout : 10,
            Enlist = false,
        };
    }

    private string? ConnectionError()
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(Postgres).Host) ? "it names no Host" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The messages name keys and places in the string, no values.
            return e is ArgumentException { ParamName: { Length: > 0 } name } ? $"see '{name}'" : "its form is not key=value;key=value";
        }
    }

    // Without the password, for whoever prints the settings.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append($"Instance = {Instance}, MemoryMebibytes = {MemoryMebibytes}, Postgres = {(Postgres.Length > 0 ? "set" : "")}, Retention = {Retention}, BufferRows = {BufferRows}");
        return true;
    }
}

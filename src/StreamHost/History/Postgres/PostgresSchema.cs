using Npgsql;

namespace StreamGenre.StreamHost.History.Postgres;

/// <summary>The tables, made by the program: numbered steps, each taken once, whoever starts first.</summary>
internal static class PostgresSchema
{
    // "genre" in ASCII: whoever holds this lock of the database makes the tables.
    private const long LockKey = 0x67_65_6e_72_65;

    // A step that has been released is never changed; what comes later is another step.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE genre_changes (
            run uuid NOT NULL,
            number integer NOT NULL,
            instance text NOT NULL,
            stream_id text NOT NULL,
            at timestamptz NOT NULL,
            audio_seconds double precision NOT NULL,
            from_genre text NOT NULL,
            to_genre text NOT NULL,
            confidence real NOT NULL,
            state text NOT NULL,
            title text NOT NULL,
            PRIMARY KEY (run, number)
        );
        CREATE INDEX genre_changes_by_stream ON genre_changes (stream_id, at);
        CREATE INDEX genre_changes_by_time ON genre_changes USING brin (at);
        CREATE TABLE genre_minutes (
            run uuid NOT NULL,
            number integer NOT NULL,
            instance text NOT NULL,
            stream_id text NOT NULL,
            at timestamptz NOT NULL,
            audio_seconds double precision NOT NULL,
            silent_seconds double precision NOT NULL,
            dropped_windows bigint NOT NULL,
            genres jsonb NOT NULL,
            PRIMARY KEY (run, number)
        );
        COMMENT ON COLUMN genre_minutes.genres IS 'genre: [seconds announced, mean rolling score]';
        CREATE INDEX genre_minutes_by_stream ON genre_minutes (stream_id, at);
        CREATE INDEX genre_minutes_by_time ON genre_minutes USING brin (at);
        """,
    ];

    /// <summary>The version of the tables that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings the tables to this program's version; nothing is done where they are.</summary>
    /// <exception cref="NewerSchemaException">They are of a later program.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        async Task<object?> RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return await command.ExecuteScalarAsync(cancellationToken);
        }

        // To the end of the transaction; without it two servers that start at once would both make the tables, and one would fail.
        await RunAsync($"SELECT pg_advisory_xact_lock({LockKey})");
        await RunAsync("CREATE TABLE IF NOT EXISTS streamgenre_schema (version integer PRIMARY KEY, since timestamptz NOT NULL DEFAULT now())");
        var version = (int)(await RunAsync("SELECT coalesce(max(version), 0) FROM streamgenre_schema"))!;
        if (version > Version)
        {
            throw new NewerSchemaException(version);
        }

        for (var step = version; step < Version; step++)
        {
            await RunAsync(Steps[step]);
            await RunAsync($"INSERT INTO streamgenre_schema (version) VALUES ({step + 1})");
        }

        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>The database's tables are of a later version of this program.</summary>
internal sealed class NewerSchemaException(int version) : Exception(
    $"the tables are of version {version}, and this program knows version {PostgresSchema.Version}; run the program that made them, or name another database")
{
}

using System.Buffers;
using System.Text.Json;
using Npgsql;
using StreamGenre.Stages;

namespace StreamGenre.StreamHost.History.Postgres;

/// <summary>Rows into the tables and out of them.</summary>
internal static class PostgresRows
{
    // In the order in which rows are written and read below.
    private const string ChangeColumns = "run, number, instance, stream_id, at, audio_seconds, from_genre, to_genre, confidence, state, title";

    private const string MinuteColumns = "run, number, instance, stream_id, at, audio_seconds, silent_seconds, dropped_windows, genres";

    // Columns as arrays, one statement a table. A row that is there already (its transaction went through, and the answer was lost) is left alone.
    private const string InsertChanges =
        $"""
        INSERT INTO genre_changes ({ChangeColumns})
        SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[], $6::double precision[], $7::text[], $8::text[], $9::real[], $10::text[], $11::text[])
        ON CONFLICT DO NOTHING
        """;

    private const string InsertMinutes =
        $"""
        INSERT INTO genre_minutes ({MinuteColumns})
        SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[], $6::double precision[], $7::double precision[], $8::bigint[], $9::text[]::jsonb[])
        ON CONFLICT DO NOTHING
        """;

    private const string Wanted = "WHERE stream_id = $1 AND at >= $2 AND at < $3 AND ($4 = '' OR instance = $4) ORDER BY at DESC, number DESC LIMIT $5";

    private const string SelectChanges = $"SELECT {ChangeColumns} FROM genre_changes {Wanted}";

    private const string SelectMinutes = $"SELECT {MinuteColumns} FROM genre_minutes {Wanted}";

    /// <summary>Writes rows, all or none.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<HistoryRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var changes = rows.Where(row => row.Change is not null).Select(row => row.Change!).ToList();
        if (changes.Count > 0)
        {
            T[] Column<T>(Func<GenreChange, T> value) => [.. changes.Select(value)];
            batch.BatchCommands.Add(Command(
                InsertChanges,
                Column(c => c.Run),
                Column(c => c.Number),
                Column(c => Storable(c.Instance)),
                Column(c => c.StreamId),
                Column(c => c.Time.UtcDateTime),
                Column(c => c.AudioTime.TotalSeconds),
                Column(c => Storable(c.From)),
                Column(c => Storable(c.To)),
                Column(c => c.Confidence),
                Column(c => c.State.ToString()),
                Column(c => Storable(c.Title))));
        }

        var minutes = rows.Where(row => row.Minute is not null).Select(row => row.Minute!).ToList();
        if (minutes.Count > 0)
        {
            T[] Column<T>(Func<MinuteSummary, T> value) => [.. minutes.Select(value)];
            batch.BatchCommands.Add(Command(
                InsertMinutes,
                Column(m => m.Run),
                Column(m => m.Number),
                Column(m => Storable(m.Instance)),
                Column(m => m.StreamId),
                Column(m => m.Start.UtcDateTime),
                Column(m => m.AudioSeconds),
                Column(m => m.SilentSeconds),
                Column(m => m.DroppedWindows),
                Column(Genres)));
        }

        // A batch is one transaction.
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the newest rows asked for.</summary>
    public static async Task<HistoryRows> ReadAsync(NpgsqlConnection connection, HistoryQuery query, CancellationToken cancellationToken)
    {
        object[] asked = [query.StreamId, query.Since.UtcDateTime, query.Until.UtcDateTime, query.Instance, query.Limit];

        // Each statement sees what is there when it begins. The minutes come first: a minute's changes were written before it, so none of a minute read is missing.
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(SelectMinutes, asked), Command(SelectChanges, asked) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var minutes = new List<MinuteSummary>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (labels, seconds, scores) = Genres(reader.GetString(8));
            minutes.Add(new MinuteSummary
            {
                Run = reader.GetGuid(0),
                Number = reader.GetInt32(1),
                Instance = reader.GetString(2),
                StreamId = reader.GetString(3),
                Start = reader.GetFieldValue<DateTimeOffset>(4),
                AudioSeconds = reader.GetDouble(5),
                SilentSeconds = reader.GetDouble(6),
                DroppedWindows = reader.GetInt64(7),
                Labels = labels,
                Seconds = seconds,
                Scores = scores,
            });
        }

        await reader.NextResultAsync(cancellationToken);
        var changes = new List<GenreChange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new GenreChange
            {
                Run = reader.GetGuid(0),
                Number = reader.GetInt32(1),
                Instance = reader.GetString(2),
                StreamId = reader.GetString(3),
                Time = reader.GetFieldValue<DateTimeOffset>(4),
                AudioTime = TimeSpan.FromSeconds(reader.GetDouble(5)),
                From = reader.GetString(6),
                To = reader.GetString(7),
                Confidence = reader.GetFloat(8),
                State = Enum.TryParse<StreamState>(reader.GetString(9), out var state) ? state : StreamState.Live,
                Title = reader.GetString(10),
            });
        }

        return new HistoryRows(changes, minutes);
    }

    /// <summary>Deletes what is older than the limit, some thousand rows at a time, so that no statement holds others up for long.</summary>
    /// <returns>Rows deleted.</returns>
    public static async Task<long> DeleteAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        const int Most = 10_000;
        var deleted = 0L;
        foreach (var table in new[] { "genre_changes", "genre_minutes" })
        {
            int some;
            do
            {
                await using var command = new NpgsqlCommand(
                    $"DELETE FROM {table} WHERE (run, number) IN (SELECT run, number FROM {table} WHERE at < $1 LIMIT {Most})", connection);
                command.Parameters.Add(new NpgsqlParameter { Value = before.UtcDateTime });
                some = await command.ExecuteNonQueryAsync(cancellationToken);
                deleted += some;
            }
            while (some == Most);
        }

        return deleted;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    // The database takes every text but U+0000 and halves of surrogate pairs, and titles come from anywhere.
    private static string Storable(string text) => text.AsSpan().ContainsAny('\0', '\ufffd') || text.Any(char.IsSurrogate)
        ? string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0))
        : text;

    // Genres with a second or a score of 0.001; three decimals are more than the scores are good for.
    private static string Genres(MinuteSummary minute)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i < minute.Labels.Count; i++)
            {
                if (minute.Seconds[i] > 0 || minute.Scores[i] >= 0.0005f)
                {
                    json.WriteStartArray(Storable(minute.Labels[i]));
                    json.WriteNumberValue(Math.Round((decimal)minute.Seconds[i], 3));
                    json.WriteNumberValue(Math.Round((decimal)minute.Scores[i], 3));
                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (IReadOnlyList<string> Labels, float[] Seconds, float[] Scores) Genres(string json)
    {
        using var document = JsonDocument.Parse(json);
        var genres = document.RootElement.EnumerateObject().ToList();
        return (
            [.. genres.Select(genre => genre.Name)],
            [.. genres.Select(genre => genre.Value[0].GetSingle())],
            [.. genres.Select(genre => genre.Value[1].GetSingle())]);
    }
}

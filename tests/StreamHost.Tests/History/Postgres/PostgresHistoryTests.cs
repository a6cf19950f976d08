using Npgsql;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.History.Postgres;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.History.Postgres;

/// <summary>On a real server, which is stopped and started meanwhile.</summary>
[Trait("Category", "Server")]
public sealed class PostgresHistoryTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string CountRows = "SELECT (SELECT count(*) FROM genre_changes) + (SELECT count(*) FROM genre_minutes)";

    private readonly KeptLog<PostgresHistory> _log = new();

    [Fact]
    public async Task Rows_WrittenAndRead_AreTheSame()
    {
        var database = await server.CreateDatabaseAsync();
        using var history = await StartAsync(database);
        var rows = new Rows("kitchen");
        var time = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var (change, minute) = (rows.Change(time.AddSeconds(1), title: "Ünder \U0001F3B8 \"x\"") with { Confidence = 0.123f }, rows.Minute(time));
        history.Add(new HistoryRow(change, null));
        history.Add(new HistoryRow(null, minute));
        await WrittenAsync(history, 2);

        var read = (await history.ReadAsync(Query("kitchen", time), default))!;
        Assert.Equal(change, Assert.Single(read.Changes));
        var stored = Assert.Single(read.Minutes);
        Assert.Equal((minute.Run, minute.Number, minute.Start, 60.0, 4.0, 2L), (stored.Run, stored.Number, stored.Start, stored.AudioSeconds, stored.SilentSeconds, stored.DroppedWindows));

        // Blues had neither a second nor a score.
        Assert.Equal(["jazz", "rock"], stored.Labels);
        Assert.Equal([20, 30.5f], stored.Seconds);
        Assert.Equal([0.25f, 0.75f], stored.Scores);
        Assert.Empty((await history.ReadAsync(Query("kitchen", time) with { Instance = "elsewhere" }, default))!.Changes);
        Assert.Empty((await history.ReadAsync(Query("bath", time), default))!.Changes);
    }

    [Fact]
    public async Task Titles_WithWhatADatabaseTakesForNoText_AreStoredWithoutIt()
    {
        var database = await server.CreateDatabaseAsync();
        using var history = await StartAsync(database);
        var time = DateTimeOffset.UtcNow;
        history.Add(new HistoryRow(new Rows().Change(time, title: "a\0b\ud83cc"), null));
        await WrittenAsync(history, 1);
        Assert.Equal("ab\ufffdc", Assert.Single((await history.ReadAsync(Query("s", time), default))!.Changes).Title);
    }

    [Fact]
    public async Task Database_StoppedAndStartedUnderWay_HasEveryRowOnce()
    {
        var database = await server.CreateDatabaseAsync();
        using var history = await StartAsync(database);
        var (rows, time) = (new Rows(), DateTimeOffset.UtcNow);
        using var enough = new CancellationTokenSource();
        var added = 0;
        var adding = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                foreach (var row in rows.Take(20, time))
                {
                    history.Add(row);
                    added++;
                }

                await Task.Delay(20);
            }
        });
        for (var round = 1; round <= 2; round++)
        {
            var before = history.Written;
            await Eventually.TrueAsync(() => Task.FromResult(history.Written > before), "rows to be written");
            await server.StopAsync();
            await Eventually.TrueAsync(() => Task.FromResult(history.Trouble is not null && history.Buffered > 0), "the loss to be seen and rows to wait");
            Assert.Null(await history.ReadAsync(Query("s", time), default));
            await server.StartAsync();
            await Eventually.TrueAsync(() => Task.FromResult(history.Trouble is null), "the database to be found again");
        }

        await enough.CancelAsync();
        await adding;
        await WrittenAsync(history, added);
        Assert.Equal((0, 0L), (history.Buffered, history.Dropped));
        Assert.Equal(added, await PostgresServer.AskAsync<int>(database, CountRows));

        // A line for each change of state, none for each try; and no secret in any.
        Assert.Equal(["away", "away", "reached", "reached", "reached"], _log.Lines.Select(line => line.Contains("is away", StringComparison.Ordinal) ? "away" : "reached").Order());
        Assert.DoesNotContain(_log.Lines, line => line.Contains(PostgresServer.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Buffer_FullWhileTheDatabaseIsAway_DropsTheOldestAndCountsThem()
    {
        var database = await server.CreateDatabaseAsync();
        await server.StopAsync();
        using var history = await StartAsync(database, new HistoryOptions { BufferRows = 100 }, reached: false);
        var rows = new Rows().Take(250, DateTimeOffset.UtcNow).ToList();
        rows.ForEach(history.Add);
        Assert.Equal((100, 150L), (history.Buffered, history.Dropped));
        await server.StartAsync();
        await WrittenAsync(history, 100);
        Assert.Equal(100, await PostgresServer.AskAsync<int>(database, CountRows));
        Assert.Equal(151, await PostgresServer.AskAsync<int>(database, "SELECT least((SELECT min(number) FROM genre_changes), (SELECT min(number) FROM genre_minutes))"));
        Assert.Equal(150, history.Dropped);
    }

    [Fact]
    public async Task Stop_RowsStillWaiting_WritesThem()
    {
        var database = await server.CreateDatabaseAsync();
        using var history = await StartAsync(database);
        new Rows().Take(5000, DateTimeOffset.UtcNow).ToList().ForEach(history.Add);
        await history.StopAsync(default);
        Assert.Equal((0, 5000L), (history.Buffered, history.Written));
        Assert.Equal(5000, await PostgresServer.AskAsync<int>(database, CountRows));
    }

    [Fact]
    public async Task WriteAsync_TheSameBatchTwice_StoresItOnce()
    {
        await using var connection = await ConnectAsync(await server.CreateDatabaseAsync());
        await PostgresSchema.EnsureAsync(connection, default);
        var rows = new Rows().Take(7, DateTimeOffset.UtcNow).ToList();
        await PostgresRows.WriteAsync(connection, rows, default);
        await PostgresRows.WriteAsync(connection, rows, default);
        Assert.Equal(7, await PostgresServer.AskAsync<int>(connection.ConnectionString + $";Password={PostgresServer.Password}", CountRows));
    }

    [Fact]
    public async Task EnsureAsync_ManyServersAtOnce_MakesTheTablesOnce()
    {
        var database = await server.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var connection = await ConnectAsync(database);
            await PostgresSchema.EnsureAsync(connection, default);
        }));
        Assert.Equal(PostgresSchema.Version, await PostgresServer.AskAsync<int>(database, "SELECT max(version) FROM streamgenre_schema"));
        Assert.Equal(PostgresSchema.Version, await PostgresServer.AskAsync<int>(database, "SELECT count(*) FROM streamgenre_schema"));
    }

    [Fact]
    public async Task EnsureAsync_TablesOfALaterProgram_AreLeftAloneAndToldOf()
    {
        var database = await server.CreateDatabaseAsync();
        await using (var connection = await ConnectAsync(database))
        {
            await PostgresSchema.EnsureAsync(connection, default);
        }

        await PostgresServer.AskAsync<int>(database, "INSERT INTO streamgenre_schema (version) VALUES (99) RETURNING version");
        using var history = await StartAsync(database, reached: false);
        await Eventually.TrueAsync(() => Task.FromResult(history.Trouble?.Contains("version 99", StringComparison.Ordinal) == true), "the newer tables to be seen");
    }

    [Fact]
    public async Task Retention_OlderRowsInTheDatabase_AreDeletedAtTheStart()
    {
        var database = await server.CreateDatabaseAsync();
        await using (var connection = await ConnectAsync(database))
        {
            await PostgresSchema.EnsureAsync(connection, default);
            await PostgresRows.WriteAsync(connection, [.. new Rows().Take(30, DateTimeOffset.UtcNow.AddHours(-3)), .. new Rows().Take(8, DateTimeOffset.UtcNow)], default);
        }

        using var history = await StartAsync(database, new HistoryOptions { Retention = TimeSpan.FromHours(2) });
        await Eventually.TrueAsync(async () => await PostgresServer.AskAsync<int>(database, CountRows) == 8, "the old rows to go");
    }

    private static HistoryQuery Query(string id, DateTimeOffset time) => new(id, time.AddHours(-1), time.AddHours(1), "", 100);

    private static Task WrittenAsync(PostgresHistory history, long rows) =>
        Eventually.TrueAsync(() => Task.FromResult(history.Written == rows), $"{rows} rows to be written");

    private static async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        return connection;
    }

    private async Task<PostgresHistory> StartAsync(string database, HistoryOptions? options = null, bool reached = true)
    {
        var history = new PostgresHistory((options ?? new HistoryOptions()) with { Postgres = database }, TimeProvider.System, _log);
        await history.StartAsync(default);
        if (reached)
        {
            await Eventually.TrueAsync(() => Task.FromResult(history.Trouble is null), "the database to be reached");
        }

        return history;
    }
}

using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamGenre.Benchmarks.Serving;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.History.Postgres;

namespace StreamGenre.Benchmarks.History;

/// <summary><c>history</c>: what it costs to keep what streams sound like.</summary>
internal static class HistoryCommand
{
    // A song's length, as stations play them.
    private const int SecondsToAChange = 180;

    private static readonly ModelContract Model = new()
    {
        Name = "bench",
        Version = "1",
        Labels = ["blues", "classical", "country", "disco", "electronic", "hiphop", "jazz", "metal", "pop", "reggae", "rock"],
        TrainingData = "none",
        License = "none",
    };

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var streams = new Option<int>("--streams") { HelpName = "N", Description = "Streams (default: 1000).", DefaultValueFactory = _ => 1000 };
        var minutes = new Option<int>("--minutes") { HelpName = "N", Description = "Minutes of each, an update a second (default: 60).", DefaultValueFactory = _ => 60 };
        var postgres = new Option<string?>("--postgres") { HelpName = "STRING", Description = "Connection string of a database to write to as well (its tables are made, and kept)." };
        var command = new Command("history", "Time, memory and garbage of recording many streams for an hour, and of writing that to a database.") { streams, minutes, postgres };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(streams), parsed.GetValue(minutes), parsed.GetValue(postgres), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int streams, int minutes, string? postgres, CancellationToken cancellationToken)
    {
        var options = new HistoryOptions { MemoryMebibytes = 1024, Postgres = postgres ?? "", BufferRows = 10_000_000 };
        using var database = postgres is null ? null : new PostgresHistory(options, TimeProvider.System, NullLogger<PostgresHistory>.Instance);
        var history = new StreamHistory(options, database);
        var recorders = Enumerable.Range(0, streams).Select(i => history.Open($"stream-{i}", Model.Labels)).ToList();
        var updates = Updates(60 * minutes);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = ThreadClock.Microseconds();
        foreach (var update in updates)
        {
            recorders.ForEach(recorder => recorder.Record(update));
        }

        var taken = ThreadClock.Microseconds() - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var seconds = (double)streams * 60 * minutes;
        var hours = seconds / 3600;
        Print($"{streams} streams, {minutes} minutes each: {history.MemoryRows} rows");
        Print($"recording      {taken / seconds:F3} us of CPU and {allocated / seconds:F1} bytes of garbage an update");
        Print($"memory         {(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1024.0 / hours:F1} KiB a stream and hour{(database is null ? "" : ", the database's buffer included")}");
        var query = new HistoryQuery("stream-0", updates[0].Time.AddHours(-1), updates[^1].Time.AddHours(1), "", 10_000);
        var asked = Stopwatch.GetTimestamp();
        var answer = await history.ReadAsync(query, null, cancellationToken);
        Print($"reading        {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:F2} ms for one stream's {answer.Minutes.Count} minutes and {answer.Changes.Count} changes, from memory, cold");
        if (database is null)
        {
            return;
        }

        var cpu = Environment.CpuUsage.TotalTime;
        var writing = Stopwatch.GetTimestamp();
        var rows = database.Buffered;
        await database.StartAsync(cancellationToken);
        while (database.Buffered > 0)
        {
            await Task.Delay(10, cancellationToken);
        }

        var wall = Stopwatch.GetElapsedTime(writing).TotalSeconds;
        Print($"writing        {rows} rows in {wall:F1} s ({rows / wall:F0} a second), {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows:F1} us of this process's CPU a row");
        asked = Stopwatch.GetTimestamp();
        await database.ReadAsync(query, cancellationToken);
        Print($"reading        {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:F2} ms for the same from the database, cold");
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync(cancellationToken);
        await using var size = new NpgsqlCommand("SELECT pg_total_relation_size('genre_changes') + pg_total_relation_size('genre_minutes')", connection);
        Print($"in the database {(long)(await size.ExecuteScalarAsync(cancellationToken))! / 1024.0 / hours:F1} KiB a stream and hour, with its indexes (of all that it holds)");
        await database.StopAsync(cancellationToken);
    }

    private static List<GenreUpdate> Updates(int seconds)
    {
        var start = DateTimeOffset.UtcNow.AddSeconds(-seconds);
        var random = new Random(1);
        var announced = "";
        return
        [
            .. Enumerable.Range(1, seconds).Select(second =>
            {
                var before = announced;
                announced = Model.Labels[second / SecondsToAChange % Model.Labels.Count];
                var scores = Model.Labels.Select(_ => random.NextSingle()).ToArray();
                return new GenreUpdate
                {
                    StreamId = "stream",
                    Sequence = second,
                    WindowStart = TimeSpan.FromSeconds(second - 3),
                    WindowEnd = TimeSpan.FromSeconds(second),
                    RollingScores = scores.Select(score => score / scores.Sum()).ToArray(),
                    TopGenre = announced,
                    Confidence = 0.7f,
                    AnnouncedGenre = announced,
                    AnnouncedBefore = before == announced ? null : before,
                    State = StreamState.Live,
                    SmoothedDuration = TimeSpan.FromSeconds(30),
                    DroppedWindows = 0,
                    Time = start.AddSeconds(second),
                    ProcessingLatency = TimeSpan.Zero,
                    Model = Model,
                };
            }),
        ];
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}

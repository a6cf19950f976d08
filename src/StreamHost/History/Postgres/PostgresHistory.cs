using Npgsql;
using StreamGenre.StreamHost.Diagnostics;

namespace StreamGenre.StreamHost.History.Postgres;

/// <summary>
/// The history in a PostgreSQL database. Rows wait in a bounded buffer and are written in batches by one task; a database that is away costs the streams nothing,
/// and it is tried again with growing pauses. A row is written once, however often its batch is sent.
/// </summary>
internal sealed class PostgresHistory : BackgroundService
{
    /// <summary>Most rows written at once: some megabytes of parameters, a tenth of a second of the database's time.</summary>
    private const int BatchRows = 2000;

    // Rows gather for that long, so that 1000 streams whose minutes end together are a few statements and not 1000.
    private static readonly TimeSpan GatherTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1);

    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresHistory> _log;
    private readonly RowBuffer _buffer;
    private readonly NpgsqlDataSource _database;
    private long _written;
    private long? _sweptAt;
    private volatile string? _trouble = "not reached yet";
    private bool _isTold;

    public PostgresHistory(HistoryOptions options, TimeProvider time, ILogger<PostgresHistory> log)
    {
        _options = options;
        _time = time;
        _log = log;
        _buffer = new RowBuffer(options.BufferRows);
        var connection = options.Connection();
        Place = $"{connection.Host}/{connection.Database}";
        _database = new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    /// <summary>The database's host and name.</summary>
    public string Place { get; }

    /// <summary>Why rows are not written at this moment; null when they are.</summary>
    public string? Trouble => _trouble;

    /// <summary>Rows that wait.</summary>
    public int Buffered => _buffer.Count;

    /// <summary>Rows dropped because the buffer was full.</summary>
    public long Dropped => _buffer.Dropped;

    /// <summary>Rows written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Takes a row; never waits.</summary>
    public void Add(HistoryRow row) => _buffer.Add(row);

    /// <summary>Reads rows; null when the database is away or does not answer.</summary>
    public async Task<HistoryRows?> ReadAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        // Whoever asks need not wait for what the writer knows.
        if (_trouble is not null)
        {
            return null;
        }

        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            return await PostgresRows.ReadAsync(connection, query, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            HistoryLog.ReadFailed(_log, Place, OneLine(e));
            return null;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _database.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync(stoppingToken);
                await PostgresSchema.EnsureAsync(connection, stoppingToken);
                SetReached();
                pause = FirstPause;
                await WriteOnAsync(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, the streams go on, and so does this task: what it can't write it counts.
                SetAway(e);
                var jittered = pause * (0.8 + (0.4 * Random.Shared.NextDouble())); // servers that lost it together do not come back together
                await Task.Delay(jittered, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        await FarewellAsync();
    }

    private async Task WriteOnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SweepAsync(connection, cancellationToken);
            using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                // An idle connection that the database closes meanwhile is found out by the next batch, which is then sent again.
                var sweep = Task.Delay(RetentionInterval, _time, waiting.Token);
                await Task.WhenAny(_buffer.WaitAsync(waiting.Token), sweep);
                await waiting.CancelAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (_buffer.Count < BatchRows)
            {
                await Task.Delay(GatherTime, _time, cancellationToken);
            }

            await WriteBatchAsync(connection, cancellationToken);
        }
    }

    private async Task WriteBatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = _buffer.Take(BatchRows);
        if (rows.Count > 0)
        {
            await PostgresRows.WriteAsync(connection, rows, cancellationToken);
            Interlocked.Add(ref _written, rows.Count);
            _buffer.Written();
        }
    }

    private async Task SweepAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_sweptAt is { } swept && _time.GetElapsedTime(swept) < RetentionInterval)
        {
            return;
        }

        var deleted = await PostgresRows.DeleteAsync(connection, _time.GetUtcNow() - _options.Retention, cancellationToken);
        _sweptAt = _time.GetTimestamp();
        if (deleted > 0)
        {
            HistoryLog.Swept(_log, deleted, _options.Retention.TotalDays);
        }
    }

    /// <summary>The streams have ended, and their last rows are here: they are written if the database is there.</summary>
    private async Task FarewellAsync()
    {
        using var patience = new CancellationTokenSource(FarewellTime);
        try
        {
            while (_trouble is null && _buffer.Count > 0)
            {
                await using var connection = await _database.OpenConnectionAsync(patience.Token);
                await WriteBatchAsync(connection, patience.Token);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            SetAway(e);
        }

        if (_buffer.Count is > 0 and var left)
        {
            HistoryLog.Lost(_log, left, Place);
        }
    }

    private void SetReached()
    {
        _trouble = null;
        _isTold = false;
        HistoryLog.Reached(_log, Place, _buffer.Count, Dropped);
    }

    // Once for each time that it goes away, not for each try.
    private void SetAway(Exception error)
    {
        var trouble = OneLine(error);
        _trouble = trouble;
        if (!_isTold)
        {
            _isTold = true;
            HistoryLog.Away(_log, Place, trouble);
        }
    }

    // Npgsql's messages name hosts, users and databases, no passwords.
    private static string OneLine(Exception error) =>
        (error is NpgsqlException and not PostgresException && error.InnerException is { } inner ? $"{error.Message}: {inner.Message}" : error.Message)
        .ReplaceLineEndings(" ");
}

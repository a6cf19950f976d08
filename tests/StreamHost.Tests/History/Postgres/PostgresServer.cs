using System.Diagnostics;
using System.Globalization;
using Npgsql;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.History.Postgres;

/// <summary>A real PostgreSQL server of our own: a new cluster in a temporary folder on a free port, with a password, that can be stopped and started.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Password = "s3cret-of-the-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-pg-").FullName;
    private readonly int _port = FreePort.Find();
    private int _databases;

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);

        // initdb and postgres refuse to run as root.
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", _folder);
        }

        await RunAsPostgresAsync("initdb", "-D", Data, "-U", "tester", "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync");
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public Task StartAsync() => RunAsPostgresAsync(
        "pg_ctl", "-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"), "-o", $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start");

    /// <summary>Ends it as a crash would: connections break, transactions under way are lost.</summary>
    public Task StopAsync() => RunAsPostgresAsync("pg_ctl", "-D", Data, "-w", "-s", "-m", "immediate", "stop");

    /// <summary>A connection string to a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"history{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>A database's only answer to a query.</summary>
    public static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), CultureInfo.InvariantCulture);
    }

    // Not pooled: a connection of a pool does not know that the server has been away.
    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Database={database};Username=tester;Password={Password};Pooling=false";

    private static Task RunAsPostgresAsync(string program, params string[] arguments)
    {
        var path = Find(program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    // Debian keeps the server's programs out of PATH.
    private static string Find(string program) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin", program)) : [])
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)))
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"'{program}' was not found; install PostgreSQL (apt-get install postgresql), as tests/run does.");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server that pg_ctl starts inherits no pipe of ours: it would hold it open.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cd / && exec \"$0\" \"$@\" >/dev/null", program, .. arguments])
        {
            RedirectStandardError = program is not "runuser" || !arguments.Contains("start"),
        })!;
        var errors = process.StartInfo.RedirectStandardError ? process.StandardError.ReadToEndAsync() : Task.FromResult("");
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }
}

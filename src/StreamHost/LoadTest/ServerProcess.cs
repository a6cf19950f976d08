using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamGenre.StreamHost.Commands;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>A server in a process of its own, started by this program and ended with <see cref="Dispose"/>.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ServerProcess(Process process, string address, long startedAt, double listeningSeconds)
    {
        _process = process;
        Address = address;
        StartedAt = startedAt;
        ListeningSeconds = listeningSeconds;
    }

    /// <summary>Where gRPC answers.</summary>
    public string Address { get; }

    /// <summary>When the process was started, a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>Until it listened.</summary>
    public double ListeningSeconds { get; }

    /// <summary>Starts a server on a free port of this machine. It takes settings from STREAMGENRE_… variables as any server does.</summary>
    /// <exception cref="CommandFailedException">It does not come up; with what it said.</exception>
    public static async Task<ServerProcess> StartAsync(string? model, string? device, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet") { RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        }

        foreach (var argument in (string[])["serve", "--bind", "127.0.0.1", "--grpc-port", "0", "--http-port", "0", "--max-streams", "100000"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in ((string, string?)[])[("--model", model), ("--device", device)])
        {
            if (value is not null)
            {
                start.ArgumentList.Add(name);
                start.ArgumentList.Add(value);
            }
        }

        // The line that tells the address, and no line for every stream.
        start.Environment["STREAMGENRE_Logging__LogLevel__Default"] = "Information";
        start.Environment["STREAMGENRE_Logging__LogLevel__StreamGenre.StreamHost.Sessions"] = "Warning";
        start.Environment["STREAMGENRE_Logging__LogLevel__Microsoft"] = "Warning";
        var startedAt = Stopwatch.GetTimestamp();
        var process = Process.Start(start) ?? throw new CommandFailedException($"'{start.FileName}' can't be started.");
        try
        {
            var lines = process.StandardError;
            var last = "it said nothing";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                if (AddressLine().Match(line) is { Success: true } match)
                {
                    var server = new ServerProcess(process, match.Groups["address"].Value, startedAt, Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
                    _ = PassOnAsync(lines);
                    return server;
                }

                last = line;
            }

            throw new CommandFailedException($"the server did not start: {last}");
        }
        catch (Exception e)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new CommandFailedException($"the server did not listen within {StartPatience.TotalSeconds} s.", e);
            }

            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What else the server says is for whoever runs the command.</summary>
    private static async Task PassOnAsync(StreamReader lines)
    {
        try
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                await Console.Error.WriteLineAsync(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The server has been ended.
        }
    }

    [GeneratedRegex(@"gRPC on (?<address>\S+), HTTP on", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressLine();
}

using System.CommandLine;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Tuning;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Runs a server until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var bind = new Option<string?>("--bind") { HelpName = "ADDRESS", Description = "localhost, an IP address, or * for every address of the machine (default: *)." };
        var grpcPort = SharedOptions.Port("--grpc-port", "Port of gRPC without TLS; 0 takes a free one (default: 50051).");
        var httpPort = SharedOptions.Port("--http-port", "Port of the web page and /healthz; 0 takes a free one (default: 8080).");
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var maxBatch = new Option<int?>("--max-batch") { HelpName = "N", Description = "Most windows classified at once (default: 8 on the CPU, 32 on a GPU)." };
        var maxDelay = new Option<double?>("--max-delay-ms") { HelpName = "MS", Description = "Longest wait of a window for others while the lanes are busy (default: 20)." };
        SharedOptions.Limit(maxDelay, 0.0, 1000.0);
        var maxStreams = new Option<int?>("--max-streams") { HelpName = "N", Description = "Most streams open at once (default: 1000)." };
        var ffmpeg = SharedOptions.Ffmpeg("The ffmpeg program that listens to sources (default: ffmpeg).");
        var sourcesFrom = new Option<string?>("--sources-from") { HelpName = "nobody|local|anyone", Description = "From where sources may be added while the server runs (default: local, from this machine)." };
        sourcesFrom.AcceptOnlyFromAmong("nobody", "local", "anyone");
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "A JSON file with settings (Server, Model, Batching, Sessions, Sources, Kestrel, Logging)." };
        var tune = new Option<double?>("--tune")
        {
            HelpName = "S",
            Description = $"First measure for so long which lanes, threads and batches the model runs best with (default: {TuneCommand.StandardSeconds} s), and serve with these; with --config they are kept in it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        SharedOptions.Limit(tune, 1.0, 600.0, " seconds");
        var command = new Command("serve", "Run a server: gRPC on 50051, a web page on 8080. Everything can be set by --config and STREAMGENRE_… variables too.")
        {
            bind, grpcPort, httpPort, model, device, maxBatch, maxDelay, maxStreams, ffmpeg, sourcesFrom, config, tune,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(tune) is not null && result.GetResult(maxBatch) is not null)
            {
                result.AddError("--tune finds the batches too and can't be given together with --max-batch.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(config);
            var tunes = parsed.GetResult(tune) is not null;
            if (tunes && file is not null)
            {
                SettingsFile.CheckWritable(file);
            }

            // What is tuned makes its file where there is none.
            var settings = HostSettings.Load(tunes && !File.Exists(file) ? null : file,
            [
                parsed.Setting("Server:BindAddress", bind),
                parsed.Setting("Server:GrpcPort", grpcPort),
                parsed.Setting("Server:HttpPort", httpPort),
                parsed.Setting("Model:Path", model),
                parsed.Setting("Model:Device", device),
                parsed.Setting("Batching:MaxBatch", maxBatch),
                new("Batching:MaxDelay", parsed.GetValue(maxDelay) is { } ms ? TimeSpan.FromMilliseconds(ms).ToString() : null),
                parsed.Setting("Sessions:MaxStreams", maxStreams),
                parsed.Setting("Sources:Ffmpeg", ffmpeg),
                parsed.Setting("Sources:AddingFrom", sourcesFrom),
            ]);
            if (tunes)
            {
                var best = MachineTuning.Run(settings.Model, TimeSpan.FromSeconds(parsed.GetValue(tune) ?? TuneCommand.StandardSeconds), file, cancellationToken);
                settings = settings with
                {
                    Batching = settings.Batching with { Lanes = best.Lanes, MaxBatch = best.MaxBatch },
                    Model = settings.Model with { IntraOpThreads = best.Threads },
                };
            }

            await using var server = await GenreServer.StartAsync(settings, TimeProvider.System, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await server.StopAsync();
            return 0;
        });
        return command;
    }
}

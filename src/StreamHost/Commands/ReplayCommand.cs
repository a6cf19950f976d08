using System.CommandLine;
using Spectre.Console;
using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Streams files through gRPC, one after the other.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "Audio files, or folders of them (searched with their folders)." };
        var speed = SharedOptions.Speed("1|4|max", "Seconds of audio a second, 0.1..1000, or max for as fast as it goes.", 1000);
        var server = SharedOptions.Server(fallback: null, "Stream to this server (default: one inside this program).");
        var id = new Option<string?>("--stream-id") { HelpName = "ID", Description = "A name under which others can subscribe at the --server while the file plays." };
        var streamSettings = new StreamSettings();
        var ffmpeg = new Option<string>("--ffmpeg") { HelpName = "PATH", Description = "The ffmpeg program, which decodes everything but WAV.", DefaultValueFactory = _ => "ffmpeg" };
        var profile = new Option<bool>("--profile") { Description = "Say at the end where the server's time went (needs the server inside this program)." };
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("replay", "Stream audio files through gRPC and show what they sound like.")
        {
            files, speed, server, id, ffmpeg, profile, model, device, json,
        };
        streamSettings.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(server) is not null && (result.GetValue(model) is not null || result.GetResult(device) is not null || result.GetValue(profile)))
            {
                result.AddError("--model, --device and --profile are for the server inside this program and can't be given together with --server.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = streamSettings.Read(parsed);
            settings.StreamId = parsed.GetValue(id) ?? "";
            var paths = AudioFile.Find(parsed.GetValue(files)!);
            var factor = SharedOptions.SpeedOf(parsed.GetValue(speed)!);
            var url = parsed.GetValue(server);
            await using var embedded = url is null
                ? await GenreServer.StartAsync(EmbeddedServer.Settings(0, 0, parsed.GetValue(model), parsed.GetValue(device)), TimeProvider.System, cancellationToken)
                : null;
            using var connection = new ServerConnection(url ?? embedded!.GrpcAddress);
            var streamer = new AudioStreamer(connection.Client, TimeProvider.System);
            var results = new List<ReplayResult>();
            var cpuBefore = Environment.CpuUsage.TotalTime;
            var exitCode = 0;
            foreach (var path in paths)
            {
                try
                {
                    await using var source = await AudioFile.OpenAsync(path, parsed.GetValue(ffmpeg)!, cancellationToken);
                    var result = await UpdateViews.RunAsync(
                        parsed.GetValue(json),
                        keep: false,
                        view => connection.CallAsync(_ => streamer.ClassifyAsync(path, source, settings, factor, view.Show, cancellationToken)),
                        path);
                    results.Add(result);
                    if (!parsed.GetValue(json))
                    {
                        Console.Out.WriteLine(ReplayText.Line(result));
                    }
                }
                catch (AudioSourceException e)
                {
                    // One bad file does not keep the others from being heard; the exit code tells of it.
                    exitCode = CommandLine.Fail(e.Message);
                }
            }

            if (!parsed.GetValue(json) && results.Count > 1)
            {
                AnsiConsole.Write(ReplayText.Table(results));
            }

            if (parsed.GetValue(profile) && embedded is not null)
            {
                Console.Error.WriteLine(ReplayText.Profile(embedded.Statistics, results, Environment.CpuUsage.TotalTime - cpuBefore));
            }

            return exitCode;
        });
        return command;
    }
}

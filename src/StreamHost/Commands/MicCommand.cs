using System.CommandLine;
using Grpc.Core;
using Spectre.Console;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Microphones;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Listens to this machine's microphone.</summary>
internal static class MicCommand
{
    // A microphone that hangs brings no sound to count.
    private static readonly TimeSpan HangPatience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var microphone = new Option<string?>("--device") { HelpName = "NAME", Description = "The microphone, as 'mic --list' names it (default: the system's own)." };
        var list = new Option<bool>("--list") { Description = "List the microphones and end." };
        var server = SharedOptions.Server(fallback: null, "Send to this server (default: one inside this program).");
        var id = new Option<string?>("--stream-id") { HelpName = "ID", Description = "A name under which others can subscribe at the --server meanwhile." };
        var seconds = SharedOptions.Seconds("--seconds", "End by itself after so much sound (default: listen until Ctrl+C).", 1, 1e6);
        var ffmpeg = SharedOptions.Ffmpeg("The ffmpeg program, which records (default: ffmpeg).");
        var model = SharedOptions.Model();
        var json = SharedOptions.Json();
        var streamSettings = new StreamSettings();
        var command = new Command("mic", "Listen to this machine's microphone and show its genres as they roll.") { microphone, list, server, id, seconds, ffmpeg, model, json };
        streamSettings.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(server) is not null && result.GetResult(model) is not null)
            {
                result.AddError("--model is for the server inside this program and can't be given together with --server.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var program = parsed.GetValue(ffmpeg) ?? "ffmpeg";
            if (parsed.GetValue(list))
            {
                Show(await MicrophoneSource.ListAsync(MicrophoneSystem.Current, program, cancellationToken));
                return 0;
            }

            // Whether there is a microphone is told before a model is loaded.
            var length = parsed.GetValue(seconds) is { } limit ? TimeSpan.FromSeconds(limit) : (TimeSpan?)null;
            await using var source = await MicrophoneSource.OpenAsync(MicrophoneSystem.Current, parsed.GetValue(microphone), program, length, cancellationToken);
            await using var embedded = parsed.GetValue(server) is null
                ? await GenreServer.StartAsync(EmbeddedServer.Settings(0, 0, parsed.GetValue(model), device: null), TimeProvider.System, cancellationToken)
                : null;
            using var connection = new ServerConnection(parsed.GetValue(server) ?? embedded!.GrpcAddress);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (length is { } wanted)
            {
                end.CancelAfter(wanted + HangPatience);
            }

            var settings = streamSettings.Read(parsed);
            settings.StreamId = parsed.GetValue(id) ?? "";
            settings.OverloadPolicy = V1.OverloadPolicy.DropOldest;
            try
            {
                await UpdateViews.RunAsync(parsed.GetValue(json), keep: true, view => connection.CallAsync(_ =>
                    new AudioStreamer(connection.Client, TimeProvider.System).ClassifyAsync("microphone", source, settings, speed: null, view.Show, end.Token)));
            }
            catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                // Ctrl+C, which is how listening ends, or a microphone that hangs.
            }

            return 0;
        });
        return command;
    }

    private static void Show(IReadOnlyList<Microphone> microphones)
    {
        if (microphones.Count == 0)
        {
            AnsiConsole.WriteLine("No microphones.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("--device", "what it is", "");
        foreach (var microphone in microphones)
        {
            table.AddRow(Markup.Escape(microphone.Device), Markup.Escape(microphone.Description), microphone.IsDefault ? "default" : "");
        }

        AnsiConsole.Write(table);
    }
}

using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>A server, a radio that plays the bundled pieces to it, and a listener, all through gRPC.</summary>
internal static class DemoCommand
{
    private const string StreamId = "demo";

    // The first window, so that something is seen at once.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var seconds = SharedOptions.Seconds("--seconds", "End by itself after so long (default: play on until Ctrl+C).", 1, 1e6);
        var grpcPort = SharedOptions.Port("--grpc-port", "Port of gRPC (default: 50051, or a free one when that is taken).");
        var httpPort = SharedOptions.Port("--http-port", "Port of the web page (default: 8080, or a free one when that is taken).");
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("demo", "Start a server on this machine, play music to it as a radio would, and watch the genres roll.")
        {
            seconds, grpcPort, httpPort, model, device, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var pieces = AudioFile.Find([Path.Combine(AppContext.BaseDirectory, "demo")]);
            var (grpc, grpcNote) = ChoosePort(parsed.GetValue(grpcPort), 50051);
            var (http, httpNote) = ChoosePort(parsed.GetValue(httpPort), 8080);
            var settings = EmbeddedServer.Settings(grpc, http, parsed.GetValue(model), parsed.GetValue(device));
            await using var server = await GenreServer.StartAsync(settings, TimeProvider.System, cancellationToken);

            // With --json standard output is for updates alone.
            var notes = parsed.GetValue(json) ? Console.Error : Console.Out;
            notes.WriteLine($"{grpcNote}{httpNote}Playing {pieces.Count} pieces to {server.GrpcAddress} as the stream '{StreamId}'.");
            notes.WriteLine($"Watch in a browser:      {server.HttpAddress}");
            notes.WriteLine($"Subscribe from anywhere: {SelfCommand.Text} subscribe {StreamId} --server {server.GrpcAddress}");
            notes.WriteLine();

            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(seconds) is { } limit)
            {
                end.CancelAfter(TimeSpan.FromSeconds(limit));
            }

            using var connection = new ServerConnection(server.GrpcAddress);
            try
            {
                await UpdateViews.RunAsync(parsed.GetValue(json), keep: true, async view =>
                {
                    await PlayAndFollowAsync(connection, pieces, view, end.Token);
                    return true;
                });
            }
            catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                // Ended by its time or by Ctrl+C; both are how a demo ends.
            }

            return 0;
        });
        return command;
    }

    private static async Task PlayAndFollowAsync(ServerConnection connection, IReadOnlyList<string> pieces, IUpdateView view, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var publishing = connection.Client.Publish(cancellationToken: stop.Token);
        var subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var playing = PlayAsync(publishing, pieces, subscribed.Task, view, stop.Token);
        try
        {
            // The server sends Publish's headers when the stream is open and Subscribe's when the subscriber is in: nothing is played too early.
            await publishing.ResponseHeadersAsync.WaitAsync(stop.Token);
            using var call = connection.Client.Subscribe(new V1.SubscribeRequest { StreamId = StreamId }, cancellationToken: stop.Token);
            await call.ResponseHeadersAsync.WaitAsync(stop.Token);
            subscribed.SetResult();
            await foreach (var update in call.ResponseStream.ReadAllAsync(stop.Token))
            {
                view.Show(update);
            }
        }
        finally
        {
            await stop.CancelAsync();
            subscribed.TrySetCanceled(stop.Token);
            await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The stream ended before it was told to: the player knows why.
        await playing;
    }

    private static async Task PlayAsync(
        AsyncClientStreamingCall<V1.PublishRequest, V1.PublishSummary> call, IReadOnlyList<string> pieces, Task subscribed, IUpdateView view, CancellationToken cancellationToken)
    {
        SourceFormat? format = null;
        var sent = 0L;
        var pacer = new AudioPacer(speed: 1, Burst, TimeProvider.System);
        for (var i = 0; ; i = (i + 1) % pieces.Count)
        {
            await using var source = await AudioFile.OpenAsync(pieces[i], "ffmpeg", cancellationToken);
            if (format is null)
            {
                format = source.Format;
                var config = AudioStreamer.Describe(format, new V1.StreamConfig { StreamId = StreamId });
                await call.RequestStream.WriteAsync(new V1.PublishRequest { Config = config }, cancellationToken);
                await subscribed;
            }
            else if (source.Format != format)
            {
                throw new AudioSourceException($"{pieces[i]}: {source.Format}; all pieces of the demo must be {format}, as the first is");
            }

            view.Caption("Playing: " + Path.GetFileNameWithoutExtension(pieces[i]));
            sent += await AudioStreamer.SendAudioAsync(
                source, pacer, paced: true, sent, audio => call.RequestStream.WriteAsync(new V1.PublishRequest { Audio = audio }, cancellationToken), cancellationToken);
        }
    }

    private static (int Port, string Note) ChoosePort(int? asked, int standard)
    {
        if (asked is { } port)
        {
            return (port, "");
        }

        using var probe = new TcpListener(IPAddress.Loopback, standard);
        try
        {
            probe.Start();
            return (standard, "");
        }
        catch (SocketException)
        {
            return (0, $"Port {standard} is taken; a free one is used instead.{Environment.NewLine}");
        }
    }
}

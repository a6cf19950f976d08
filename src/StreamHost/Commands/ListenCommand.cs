using System.CommandLine;
using Grpc.Core;
using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Rendering;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Listens to radio and other live sources.</summary>
internal static class ListenCommand
{
    private static readonly TimeSpan RemovePatience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var urls = new Argument<string[]>("URL") { Arity = ArgumentArity.OneOrMore, Description = "What to listen to: Icecast, HLS, RTSP, anything that FFmpeg opens." };
        urls.Validators.Add(result =>
        {
            foreach (var error in result.Tokens.Select(token => ErrorOf(token.Value)).OfType<string>())
            {
                result.AddError(error + ".");
            }
        });
        var name = new Option<string[]>("--name") { HelpName = "NAME", Description = "What people call it; once for each URL.", DefaultValueFactory = _ => [] };
        var id = new Option<string[]>("--id") { HelpName = "ID", Description = "Id of its stream, for others to subscribe to; once for each URL (default: made from name or URL).", DefaultValueFactory = _ => [] };
        var server = SharedOptions.Server(fallback: null, "Let this server listen, for as long as this command runs (default: one inside this program).");
        var seconds = SharedOptions.Seconds("--seconds", "End by itself after so long (default: listen until Ctrl+C).", 1, 1e6);
        var ffmpeg = SharedOptions.Ffmpeg("The ffmpeg program, which listens (default: ffmpeg).");
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var streamSettings = new StreamSettings();
        var command = new Command("listen", "Listen to radio or other live sources and show their genres as they roll.") { urls, name, id, server, seconds, ffmpeg, model, device, json };
        streamSettings.AddTo(command);
        command.Validators.Add(result =>
        {
            var count = result.GetValue(urls)?.Length ?? 0;
            if (result.GetValue(name)!.Length > count || result.GetValue(id)!.Length > count)
            {
                result.AddError($"--name and --id may be given {count} times at most, once for each URL.");
            }

            if (result.GetValue(server) is not null && (result.GetResult(model) is not null || result.GetResult(device) is not null || result.GetResult(ffmpeg) is not null))
            {
                result.AddError("--model, --device and --ffmpeg are for the server inside this program and can't be given together with --server.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = streamSettings.Read(parsed);
            var requests = parsed.GetValue(urls)!.Select((url, i) => new V1.AddSourceRequest
            {
                Url = url,
                Name = parsed.GetValue(name)!.ElementAtOrDefault(i) ?? "",
                Id = parsed.GetValue(id)!.ElementAtOrDefault(i) ?? "",
                WindowHop = settings.WindowHop,
                Smoothing = settings.Smoothing,
            }).ToList();
            await using var embedded = parsed.GetValue(server) is null ? await StartAsync() : null;
            using var connection = new ServerConnection(parsed.GetValue(server) ?? embedded!.GrpcAddress);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(seconds) is { } limit)
            {
                end.CancelAfter(TimeSpan.FromSeconds(limit));
            }

            await ListenAsync(connection, requests, parsed.GetValue(json), end.Token);
            return 0;

            Task<GenreServer> StartAsync()
            {
                var program = parsed.GetValue(ffmpeg) ?? "ffmpeg";
                FfmpegProgram.Find(program);
                return GenreServer.StartAsync(
                    EmbeddedServer.Settings(
                        0, 0, parsed.GetValue(model), parsed.GetValue(device),
                        new("Sources:Ffmpeg", program),
                        new("Sources:MaxSources", requests.Count.ToString()),
                        new("Sources:AddedSchemes", string.Join(',', requests.Select(request => SourceInput.Parse(request.Url).Scheme).Distinct())),

                        // What is logged is shown as well.
                        new("Logging:LogLevel:StreamGenre.StreamHost.Sources", "None")),
                    TimeProvider.System,
                    cancellationToken);
            }
        });
        return command;
    }

    private static string? ErrorOf(string url) => File.Exists(url)
        ? $"'{url}' is a file: replay hears it at any speed; listen takes it as file:{Path.GetFullPath(url)}"
        : SourceInput.ErrorOf(url);

    private static async Task ListenAsync(ServerConnection connection, IReadOnlyList<V1.AddSourceRequest> requests, bool json, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        try
        {
            foreach (var request in requests)
            {
                var source = await connection.CallAsync(_ => connection.Sources.AddSourceAsync(request, cancellationToken: cancellationToken).ResponseAsync);
                ids.Add(source.Id);
            }

            await UpdateViews.RunAsync(
                json,
                keep: true,
                async view =>
                {
                    // With --json standard output is for updates alone.
                    Action<string, string> tell = json ? static (line, id) => Console.Error.WriteLine($"{id}: {line}") : view.Caption;
                    await new SourceFollower(connection, view, tell, TimeProvider.System).FollowAsync(ids, cancellationToken);
                    return true;
                },
                several: ids.Count > 1);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // Ended by its time or by Ctrl+C; both are how listening ends.
        }
        finally
        {
            using var patience = new CancellationTokenSource(RemovePatience);
            foreach (var id in ids)
            {
                try
                {
                    await connection.Sources.RemoveSourceAsync(new V1.RemoveSourceRequest { Id = id }, cancellationToken: patience.Token);
                }
                catch (RpcException)
                {
                    // Somebody else has removed it, or the server is gone: there is nothing left to remove.
                }
            }
        }
    }
}

using System.CommandLine;
using Grpc.Core;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Follows a stream.</summary>
internal static class SubscribeCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The stream's id." };
        var from = new Option<long?>("--from") { HelpName = "N", Description = "Begin with this update (1 is the stream's first; default: from now on)." };
        var server = SharedOptions.Server(SharedOptions.DefaultServer, "The server; also from STREAMGENRE_SERVER.");
        var json = SharedOptions.Json();
        var command = new Command("subscribe", "Follow a stream's rolling genres until it ends.") { id, from, server, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var request = new V1.SubscribeRequest { StreamId = parsed.GetValue(id) };
            if (parsed.GetValue(from) is { } sequence)
            {
                request.FromSequence = sequence;
            }

            await UpdateViews.RunAsync(parsed.GetValue(json), keep: true, view => connection.CallAsync(async client =>
            {
                using var call = client.Subscribe(request, cancellationToken: cancellationToken);
                await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    view.Show(update);
                }

                return true;
            }));
            return 0;
        });
        return command;
    }
}

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
        var id = new Argument<string?>("ID") { Description = "The stream's id; with --changes it may be left out, for all streams.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<long?>("--from") { HelpName = "N", Description = "Begin with this update, or change (1 is the first; default: from now on)." };
        var changes = new Option<bool>("--changes") { Description = "Show changes of the announced genre only." };
        var server = SharedOptions.Server(SharedOptions.DefaultServer, "The server; also from STREAMGENRE_SERVER.");
        var json = SharedOptions.Json();
        var command = new Command("subscribe", "Follow a stream's rolling genres until it ends.") { id, from, changes, server, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null && !result.GetValue(changes))
            {
                result.AddError("Which stream? Name its ID (the command 'streams' lists them), or follow the --changes of all.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            if (parsed.GetValue(changes))
            {
                return await WatchAsync(connection, parsed.GetValue(id) ?? "", parsed.GetValue(from), parsed.GetValue(json), cancellationToken);
            }

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

    private static async Task<int> WatchAsync(ServerConnection connection, string id, long? from, bool json, CancellationToken cancellationToken)
    {
        var request = new V1.WatchGenresRequest { StreamId = id };
        if (from is { } number)
        {
            request.AfterChange = number - 1;
        }

        using var output = json ? new JsonLines() : null;
        return await connection.CallAsync(async client =>
        {
            using var call = client.WatchGenres(request, cancellationToken: cancellationToken);
            await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (output is null)
                {
                    Console.Out.WriteLine(HistoryText.Line(change));
                }
                else
                {
                    output.Write(change);
                }
            }

            return 0;
        });
    }
}

using System.CommandLine;
using Spectre.Console;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Lists a server's streams.</summary>
internal static class StreamsCommand
{
    public static Command Create()
    {
        var server = SharedOptions.Server(SharedOptions.DefaultServer, "The server; also from STREAMGENRE_SERVER.");
        var json = SharedOptions.Json();
        var command = new Command("streams", "List a server's streams: the live ones, and those that ended a short while ago.") { server, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var response = await connection.CallAsync(client => client.ListStreamsAsync(new V1.ListStreamsRequest(), cancellationToken: cancellationToken).ResponseAsync);
            if (parsed.GetValue(json))
            {
                using var output = new JsonLines();
                foreach (var stream in response.Streams)
                {
                    output.Write(stream);
                }

                return;
            }

            if (response.Streams.Count == 0)
            {
                AnsiConsole.WriteLine("No streams.");
                return;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("stream", "state", "audio", "genre", "confidence", "updates", "subscribers", "dropped");
            foreach (var stream in response.Streams)
            {
                table.AddRow(
                    Markup.Escape(stream.StreamId),
                    UpdateText.State(stream.State),
                    UpdateText.Clock(stream.AudioDuration),
                    Markup.Escape(UpdateText.Genre(stream)),
                    stream.TopGenre.Length == 0 ? "" : UpdateText.Percent(stream.Confidence),
                    $"{stream.FirstSequence}..{stream.LastSequence}",
                    stream.Subscribers.ToString(),
                    stream.DroppedWindows.ToString());
            }

            AnsiConsole.Write(table);
        });
        return command;
    }
}

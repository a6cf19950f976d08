using System.CommandLine;
using Spectre.Console;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Lists, adds and removes a running server's sources.</summary>
internal static class SourcesCommand
{
    public static Command Create()
    {
        var server = SharedOptions.Server(SharedOptions.DefaultServer, "The server; also from STREAMGENRE_SERVER.");
        server.Recursive = true;
        var json = SharedOptions.Json();
        json.Recursive = true;
        var command = new Command("sources", "List what a server listens to by itself; 'sources add' and 'sources remove' change it.") { server, json, CreateAdd(server, json), CreateRemove(server) };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var response = await connection.CallAsync(_ => connection.Sources.ListSourcesAsync(new V1.ListSourcesRequest(), cancellationToken: cancellationToken).ResponseAsync);
            Show(response.Sources, parsed.GetValue(json), "No sources.");
        });
        return command;
    }

    private static Command CreateAdd(Option<string?> server, Option<bool> json)
    {
        var url = new Argument<string>("URL") { Description = "What to listen to." };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "What people call it.", DefaultValueFactory = _ => "" };
        var id = new Option<string>("--id") { HelpName = "ID", Description = "Id of its stream (default: made from name or URL).", DefaultValueFactory = _ => "" };
        var streamSettings = new StreamSettings();
        var command = new Command("add", "Let a server listen to a source until it is removed or the server ends.") { url, name, id };
        streamSettings.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var settings = streamSettings.Read(parsed);
            var request = new V1.AddSourceRequest
            {
                Url = parsed.GetValue(url), Name = parsed.GetValue(name), Id = parsed.GetValue(id), WindowHop = settings.WindowHop, Smoothing = settings.Smoothing,
            };
            Show([await connection.CallAsync(_ => connection.Sources.AddSourceAsync(request, cancellationToken: cancellationToken).ResponseAsync)], parsed.GetValue(json), "");
        });
        return command;
    }

    private static Command CreateRemove(Option<string?> server)
    {
        var id = new Argument<string>("ID") { Description = "The source's id." };
        var command = new Command("remove", "Stop listening to a source and end its stream.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var request = new V1.RemoveSourceRequest { Id = parsed.GetValue(id) };
            await connection.CallAsync(_ => connection.Sources.RemoveSourceAsync(request, cancellationToken: cancellationToken).ResponseAsync);
        });
        return command;
    }

    private static void Show(Google.Protobuf.Collections.RepeatedField<V1.SourceInfo> sources, bool json, string none)
    {
        if (json)
        {
            using var output = new JsonLines();
            foreach (var source in sources)
            {
                output.Write(source);
            }

            return;
        }

        if (sources.Count == 0)
        {
            AnsiConsole.WriteLine(none);
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("source", "name", "state", "connections", "url");
        foreach (var source in sources)
        {
            table.AddRow(
                Markup.Escape(source.Id), Markup.Escape(source.Name), Markup.Escape(SourceText.Line(source)), source.Connections.ToString(), Markup.Escape(source.Url));
        }

        AnsiConsole.Write(table);
    }
}

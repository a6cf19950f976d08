using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Shows what a stream has sounded like.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The stream's id, live or ended." };
        var since = Moment("--since", $"From when on: {HistoryMoment.Form} (default: 24h).");
        var until = Moment("--until", "Up to when, written likewise (default: now).");
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "Most changes and most minutes, the newest of each, 1..50000 (default: 10000)." };
        var instance = new Option<string?>("--instance") { HelpName = "NAME", Description = "Only what the server of this name heard (History:Instance)." };
        var server = SharedOptions.Server(SharedOptions.DefaultServer, "The server; also from STREAMGENRE_SERVER.");
        var json = new Option<bool>("--json") { Description = "Write one JSON object with the changes, the minutes and the shares, and nothing else." };
        var csv = new Option<string?>("--csv") { HelpName = "changes|minutes", Description = "Write the changes (or the minutes) as CSV, and nothing else.", Arity = ArgumentArity.ZeroOrOne };
        csv.AcceptOnlyFromAmong("changes", "minutes");
        var command = new Command("history", "Show what a stream has sounded like: its changes of genre, and the genres' shares.")
        {
            id, since, until, limit, instance, server, json, csv,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetResult(csv) is not null)
            {
                result.AddError("--json and --csv can't be given together.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new V1.GetHistoryRequest { StreamId = parsed.GetValue(id), Limit = parsed.GetValue(limit), Instance = parsed.GetValue(instance) ?? "" };
            request.Since = Read(parsed.GetValue(since));
            request.Until = Read(parsed.GetValue(until));
            using var connection = new ServerConnection(parsed.GetValue(server)!);
            var history = await connection.CallAsync(_ => connection.History.GetHistoryAsync(request, cancellationToken: cancellationToken).ResponseAsync);
            if (parsed.GetValue(json))
            {
                using var output = new JsonLines();
                output.Write(history);
            }
            else if (parsed.GetResult(csv) is not null)
            {
                Console.Out.Write(parsed.GetValue(csv) == "minutes" ? HistoryCsv.Minutes(history) : HistoryCsv.Changes(history));
            }
            else
            {
                HistoryText.Print(history, AnsiConsole.Console);
            }
        });
        return command;
    }

    private static Option<string?> Moment(string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "WHEN", Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } value && !HistoryMoment.TryParse(value, DateTimeOffset.UtcNow, TimeZoneInfo.Local, out _))
            {
                result.AddError($"{name} is '{value}'; it must be {HistoryMoment.Form}.");
            }
        });
        return option;
    }

    private static Timestamp? Read(string? text) =>
        text is not null && HistoryMoment.TryParse(text, DateTimeOffset.UtcNow, TimeZoneInfo.Local, out var moment) ? Timestamp.FromDateTimeOffset(moment) : null;
}

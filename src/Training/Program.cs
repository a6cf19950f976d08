using System.CommandLine;

using Spectre.Console;

using StreamGenre.CommandLines;
using StreamGenre.Training.Commands;

// Train, measure and export the models that StreamGenre serves.
var root = new RootCommand("Train, measure and export StreamGenre's models. Every command has its own --help with examples.")
{
    TrainCommand.Create(),
    CrossValidateCommand.Create(),
    EnsembleCommand.Create(),
    EvaluateCommand.Create(),
    ReportCommand.Create(),
    CompareCommand.Create(),
    ExportCommand.Create(),
    QuantizeCommand.Create(),
    AdaptCommand.Create(),
};
if (Console.IsOutputRedirected)
{
    // A file or a pipe has no right edge.
    AnsiConsole.Profile.Width = 240;
}

var parsed = root.Parse(args);
if (ParseErrors.Of(parsed) is { Count: > 0 } errors)
{
    Console.Error.WriteLine($"error: {string.Join("; ", errors.Select(error => error.TrimEnd('.')))}; see {$"{ParseErrors.PathOf(parsed)} --help".TrimStart()}");
    return CommandErrors.Unusable;
}

// Ctrl+C ends after the current step, measures and exports, which may take longer than the two seconds that are usual.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });

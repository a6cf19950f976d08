using System.CommandLine;

using Spectre.Console;

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
if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
{
    Console.Error.WriteLine($"error: {string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')))}; see --help");
    return CommandErrors.Unusable;
}

return await parsed.InvokeAsync();

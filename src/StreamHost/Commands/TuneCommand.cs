using System.CommandLine;
using Spectre.Console;
using StreamGenre.Stages.Inference;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Tuning;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Finds how many lanes and threads a model runs best with on this machine.</summary>
internal static class TuneCommand
{
    // What a machine without other work leaves to lanes of one thread, and some room.
    private const double QuietShare = 0.9;

    public static Command Create()
    {
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var seconds = SharedOptions.Seconds("--seconds", "Time that it takes (default: 30).", 1, 600);
        var config = new Option<string?>("--config")
        {
            HelpName = "FILE",
            Description = "Keep the best in this JSON file, for serve --config; what else stands in it stays, and its model is the one that is measured.",
        };
        var command = new Command("tune", "Measure how many lanes and threads and which batches the model runs best with on this machine.") { model, device, seconds, config };
        command.SetAction((parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(config);
            if (file is not null)
            {
                SettingsFile.CheckWritable(file);
            }

            var settings = HostSettings.Load(File.Exists(file) ? file : null, [parsed.Setting("Model:Path", model), parsed.Setting("Model:Device", device)]);
            var budget = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? 30);
            var (name, onCpu) = Describe(settings.Model);
            Console.Out.WriteLine($"{name} on {Environment.ProcessorCount} cores, {budget.TotalSeconds:0} s; leave the machine to it.");
            var trials = LaneTuner.Measure(
                threads => GenreServer.LoadModel(settings.Model with { IntraOpThreads = threads }),
                LaneTuner.Arrangements(Environment.ProcessorCount, onCpu),
                LaneTuner.Batches(onCpu),
                budget,
                cancellationToken);
            var best = TuningChoice.Of(trials, onCpu ? Environment.ProcessorCount : 2);
            AnsiConsole.Write(Table(trials, best));
            Console.Out.WriteLine(FormattableString.Invariant(
                $"Best: Batching:Lanes {best.Lanes}, Model:IntraOpThreads {best.Threads}, Batching:MaxBatch {best.MaxBatch}: {best.WindowsPerSecond:0} windows a second."));
            if (onCpu && trials.Where(trial => trial.Threads == 1).Average(trial => trial.Share) is var share and < QuietShare)
            {
                Console.Out.WriteLine(FormattableString.Invariant($"Others' work took {100 * (1 - share):0} % of the processors meanwhile: repeat it on a quiet machine before relying on it."));
            }

            if (file is null)
            {
                Console.Out.WriteLine("Give --config FILE to keep it for serve --config FILE.");
                return Task.FromResult(0);
            }

            SettingsFile.Set(file, [("Batching", "Lanes", best.Lanes), ("Model", "IntraOpThreads", best.Threads), ("Batching", "MaxBatch", best.MaxBatch)]);
            Console.Out.WriteLine($"Kept in {file}: serve --config {file}");
            return Task.FromResult(0);
        });
        return command;
    }

    private static (string Name, bool OnCpu) Describe(ModelOptions options)
    {
        using var classifier = GenreServer.LoadModel(options);
        return ($"{classifier.Contract.Name} {classifier.Contract.Version}", classifier.ExecutionProvider == "CPU");
    }

    private static Table Table(IReadOnlyList<LaneTrial> trials, TuningChoice best)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("lanes x threads");
        foreach (var batch in trials.Select(trial => trial.Batch).Distinct().Order())
        {
            table.AddColumn(new TableColumn($"batch {batch}").RightAligned());
        }

        foreach (var row in trials.GroupBy(trial => (trial.Lanes, trial.Threads)).OrderBy(group => group.Key))
        {
            table.AddRow([
                $"{row.Key.Lanes} x {row.Key.Threads}",
                .. row.OrderBy(trial => trial.Batch).Select(trial => FormattableString.Invariant(
                    $"{trial.WindowsPerSecond:0}/s {trial.BatchTime.TotalMilliseconds:0.0} ms{(Is(trial, best) ? " *" : "")}")),
            ]);
        }

        return table;
    }

    private static bool Is(LaneTrial trial, TuningChoice best) => (trial.Lanes, trial.Threads, trial.Batch) == (best.Lanes, best.Threads, best.MaxBatch);
}

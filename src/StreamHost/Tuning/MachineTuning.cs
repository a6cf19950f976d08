using Spectre.Console;
using StreamGenre.Stages.Batching;
using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Tuning;

/// <summary>What <c>tune</c> and <c>serve --tune</c> do: measure a model in all arrangements, print them, and keep the best.</summary>
internal static class MachineTuning
{
    // What a machine without other work leaves to lanes of one thread, and some room.
    private const double QuietShare = 0.9;

    /// <summary>Measures and tells of it.</summary>
    /// <param name="model">The model and its device.</param>
    /// <param name="budget">Time that it takes, about.</param>
    /// <param name="file">Settings file that the best is kept in; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingsException">The file can't be written.</exception>
    public static TuningChoice Run(ModelOptions model, TimeSpan budget, string? file, CancellationToken cancellationToken)
    {
        var (name, onCpu, standardLanes) = Describe(model);
        Console.Out.WriteLine($"{name} on {Environment.ProcessorCount} cores, {budget.TotalSeconds:0} s; leave the machine to it.");
        var trials = LaneTuner.Measure(
            threads => GenreServer.LoadModel(model with { IntraOpThreads = threads }),
            LaneTuner.Arrangements(Environment.ProcessorCount, onCpu),
            LaneTuner.Batches(onCpu),
            budget,
            cancellationToken);
        var best = TuningChoice.Of(trials, standardLanes);
        AnsiConsole.Write(Table(trials, best));
        Console.Out.WriteLine(FormattableString.Invariant(
            $"Best: Batching:Lanes {best.Lanes}, Model:IntraOpThreads {best.Threads}, Batching:MaxBatch {best.MaxBatch}: {best.WindowsPerSecond:0} windows a second."));
        if (onCpu && trials.Where(trial => trial.Threads == 1).Average(trial => trial.Share) is var share and < QuietShare)
        {
            Console.Out.WriteLine(FormattableString.Invariant($"Others' work took {100 * (1 - share):0} % of the processors meanwhile: repeat it on a quiet machine before relying on it."));
        }

        if (file is not null)
        {
            SettingsFile.Set(file, [("Batching", "Lanes", best.Lanes), ("Model", "IntraOpThreads", best.Threads), ("Batching", "MaxBatch", best.MaxBatch)]);
            Console.Out.WriteLine($"Kept in {file}: serve --config {file}");
        }

        return best;
    }

    private static (string Name, bool OnCpu, int StandardLanes) Describe(ModelOptions options)
    {
        using var classifier = GenreServer.LoadModel(options);
        return ($"{classifier.Contract.Name} {classifier.Contract.Version}", classifier.ExecutionProvider == "CPU", new BatchingOptions().For(classifier).Lanes);
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

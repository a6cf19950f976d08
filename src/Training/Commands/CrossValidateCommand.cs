using System.CommandLine;
using System.Globalization;

using Spectre.Console;

using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>cross-validate</c>: how well a training does, measured on every recording once.</summary>
internal static class CrossValidateCommand
{
    private const string Description = """
        Train once for each fold, without it, and hear each fold with the model that has not learnt from it.

        Folds keep artists together and hold about their share of every genre. Takes the options of train, but for --validate: what a fold holds back is what
        it is measured on. The folder holds a run for each fold, results.json with the pooled figures, and out-of-fold.npz with the answers.

        Examples:
          cross-validate --data ../music --folds 5 --run runs/folds
          cross-validate --data train.npz --data valid.npz --data ../music --whole-parts --folds 2 --network conv4-small
          cross-validate --resume --run runs/folds
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var settings = new RunSettings();
        var execution = new ExecutionSettings("Folder of the cross-validation");
        var folds = new Option<int>("--folds") { Description = "Blocks; each is held back once", DefaultValueFactory = _ => 5 };
        var wholeParts = new Option<bool>("--whole-parts") { Description = "Keep a part whole whose artists are unknown; artists may be on both sides of a cut through it" };
        var command = new Command("cross-validate", Description) { folds, wholeParts };
        execution.Options.Concat(settings.Options).ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var cache = execution.Cache(parsed);
            CrossValidationFolder folder;
            CrossValidationOptions options;
            if (execution.Resumes(parsed))
            {
                execution.RefuseSettings(parsed, settings.Options.Append(folds).Append(wholeParts));
                folder = new CrossValidationFolder(execution.Folder(parsed, "folds"));
                options = folder.ReadOptions();
                Environment.CurrentDirectory = Directory.Exists(options.WorkingFolder) ? options.WorkingFolder : Environment.CurrentDirectory;
            }
            else
            {
                options = new CrossValidationOptions { Training = settings.Read(parsed), Folds = parsed.GetValue(folds), WholeParts = parsed.GetValue(wholeParts) };
                if (options.Errors() is { Count: > 0 } errors)
                {
                    throw new TrainingException(string.Join("; ", errors));
                }

                folder = new CrossValidationFolder(execution.Folder(parsed, $"{options.Training.Network}-folds"));
            }

            // Before a folder is made and the data is read.
            TrainingDevice.Find(options.Training.Device);
            if (!execution.Resumes(parsed))
            {
                folder.Create(options);
            }

            var validation = new CrossValidation(options, folder, cache, execution.CheckpointEvery(parsed));
            var result = Console.IsOutputRedirected
                ? await validation.RunAsync(new LineProgress(Console.Out, TimeProvider.System), cancellation)
                : await LiveProgress.RunAsync(AnsiConsole.Console, progress => validation.RunAsync(progress, cancellation));
            if (result is null)
            {
                Console.WriteLine($"cut short; go on with --resume --run {folder.Path}");
                return CommandErrors.Interrupted;
            }

            Write(result);
            Console.WriteLine($"results and out-of-fold answers: {folder.Path}");
            return 0;
        }));
        return command;
    }

    private static void Write(CrossValidationResult result)
    {
        foreach (var fold in result.Folds)
        {
            Line($"fold {fold.Fold}: {fold.Clips} clips  clip accuracy {fold.ClipAccuracy:F3}  window accuracy {fold.WindowAccuracy:F3}");
        }

        var interval = result.ClipAccuracyInterval is { } ends ? $" ({ends.Low:F3}..{ends.High:F3} at 95 %)" : "";
        Line($"pooled: {result.Clips} clips  clip accuracy {result.ClipAccuracy:F3}{interval}  window accuracy {result.WindowAccuracy:F3}  deviation of the folds {result.FoldDeviation:F3}");
        foreach (var (genre, accuracy) in result.PerGenre)
        {
            Line($"  {genre,-16} {accuracy:F3}");
        }

        Line($"temperature {result.Temperature:F3}: calibration error {result.UncalibratedError:F3} -> {result.CalibrationError:F3}");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

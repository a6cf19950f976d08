using System.CommandLine;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Tuning;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Finds how many lanes and threads a model runs best with on this machine.</summary>
internal static class TuneCommand
{
    /// <summary>Time that measuring takes where nothing is said, in seconds.</summary>
    public const double StandardSeconds = 30;

    public static Command Create()
    {
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var seconds = SharedOptions.Seconds("--seconds", $"Time that it takes (default: {StandardSeconds}).", 1, 600);
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
            MachineTuning.Run(settings.Model, TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? StandardSeconds), file, cancellationToken);
            if (file is null)
            {
                Console.Out.WriteLine("Give --config FILE to keep it for serve --config FILE.");
            }

            return Task.FromResult(0);
        });
        return command;
    }
}

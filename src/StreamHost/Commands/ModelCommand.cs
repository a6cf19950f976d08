using System.CommandLine;
using Spectre.Console;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Rendering;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Describes a model: a server's, or a file's.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var server = SharedOptions.Server(fallback: null, "Describe this server's model.");
        var model = new Option<string?>("--model") { HelpName = "FILE", Description = "Describe this file (default: the model that comes with the program)." };
        var json = SharedOptions.Json();
        var command = new Command("model", "Describe the model that comes with the program, a file, or a server's.") { server, model, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(server) is not null && result.GetValue(model) is not null)
            {
                result.AddError("--server and --model can't be given together.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            V1.GetModelResponse response;
            if (parsed.GetValue(server) is { } url)
            {
                using var connection = new ServerConnection(url);
                response = await connection.CallAsync(client => client.GetModelAsync(new V1.GetModelRequest(), cancellationToken: cancellationToken).ResponseAsync);
            }
            else
            {
                var options = new ModelOptions { Path = parsed.GetValue(model) ?? "", Device = Stages.Inference.InferenceDevice.Cpu };
                using var classifier = GenreServer.LoadModel(options);
                response = WireModel.Write(classifier.Contract, classifier.ExecutionProvider);
            }

            if (parsed.GetValue(json))
            {
                using var output = new JsonLines();
                output.Write(response);
                return;
            }

            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
            void Row(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
            Row("model", $"{response.Name} {response.Version}");
            Row("genres", string.Join(", ", response.Labels));
            Row("input", $"{response.Window.ToTimeSpan().TotalSeconds:0.##} s windows at {response.SampleRateHz} Hz, {Bands(response)} x {response.PatchFrames} frames");
            Row("runs on", response.ExecutionProvider);
            Row("trained on", response.TrainingData);
            Row("licence", response.License);
            AnsiConsole.Write(grid);
        });
        return command;
    }

    // Wavelet bands stand in the contract alone; few models have any.
    private static string Bands(V1.GetModelResponse response) => response.Contract.TryGetValue("wavelet", out var family)
        ? $"{response.MelBins} mel bands and {family} wavelet bands"
        : $"{response.MelBins} mel bands";
}

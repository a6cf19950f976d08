using System.Globalization;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>The catalogue as <c>train --list</c> prints it: plain text, no line longer than 100 columns.</summary>
internal static class NetworkTable
{
    private const int Labels = 10;
    private const int DescriptionWidth = 38;

    /// <summary>Writes one entry a network; parameters and MFLOP are those of <see cref="Labels"/> labels and one patch of the published input.</summary>
    public static void Write(TextWriter output)
    {
        Line(output, "name", "what it is", "input", "optimiser", "parameters", "MFLOP");
        foreach (var network in NetworkCatalog.All)
        {
            var recipe = network.Recipe;
            var contract = recipe.Contract([.. Enumerable.Range(0, Labels).Select(label => $"{label}")], 1);
            var cost = network.OnBackbone is null ? GraphCost.Of(network.Forward(Labels, 0), Exporter.ItemShape(contract)) : null;
            var lines = Wrapped(network.Description);
            Line(
                output,
                network.Name,
                lines[0],
                Input(contract),
                Optimiser(recipe),
                cost?.Parameters.ToString("N0", CultureInfo.InvariantCulture) ?? "backbone's",
                (cost?.Flops / 1e6)?.ToString("F1", CultureInfo.InvariantCulture) ?? "");
            foreach (var line in lines.Skip(1))
            {
                Line(output, "", line, "", "", "", "");
            }
        }

        output.WriteLine($"Parameters and multiply-adds (two operations each) for {Labels} labels, a forward pass of one input.");
        output.WriteLine("Inputs are mel bands x frames of so many seconds; npz files of mels keep their own front end and are");
        output.WriteLine("brought to the picture's size inside the network. Every setting can be changed: see train --help.");
    }

    private static string Input(ModelContract contract) =>
        string.Create(CultureInfo.InvariantCulture, $"{contract.Mel.Rows}x{contract.PatchFrames}, {contract.WindowSeconds} s");

    private static string Optimiser(TrainingRunOptions recipe) =>
        string.Create(CultureInfo.InvariantCulture, $"{recipe.Optimizer.ToString().ToLowerInvariant()} {recipe.LearningRate:0.####}");

    private static void Line(TextWriter output, string name, string description, string input, string optimiser, string parameters, string flops) =>
        output.WriteLine($"{name,-12} {description,-DescriptionWidth} {input,-15} {optimiser,-12} {parameters,10} {flops,7}".TrimEnd());

    private static List<string> Wrapped(string text)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > DescriptionWidth)
            {
                lines.Add("");
            }

            lines[^1] += lines[^1].Length == 0 ? word : $" {word}";
        }

        return lines;
    }
}

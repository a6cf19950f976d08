using Microsoft.ML.OnnxRuntime;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

public class TrainingLossTests
{
    [Fact]
    public void Run_OneConfusionThatCostsMuch_IsMadeLessOften()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("costs.csv"), ",low,high\nlow,0,20\nhigh,0,0\n");
        // Labels at random: what is heard follows from the costs alone.
        var clips = SmallRun.Set(1, 12).Clips.Select((clip, i) => clip.Relabelled([i / 2 % 2])).ToList();
        var data = new RunData(new MelSet(["low", "high"], clips), SmallRun.Data().Validation);
        var options = SmallRun.Options with { Epochs = 4, AverageDecay = 0 };

        double Highs(string name, TrainingRunOptions run)
        {
            using var model = new Training.Metrics.ModelFile(SmallRun.Run(folder.In(name), run, data, SmallRun.Never).ModelPath);
            var scored = Training.Metrics.ScoredSet.Score(SmallRun.Set(7, 8), model.Contract, model.Logits);
            return scored.Clips.Average(clip => clip.Logits.Chunk(2).Average(row => Training.Metrics.Probabilities.Softmax(row, 1)[1]));
        }

        var plain = Highs("plain", options);
        var costly = Highs("costly", options with { Loss = LossKind.CostSensitive, CostMatrix = folder.In("costs.csv") });

        Assert.True(costly < plain - 0.1, $"high is heard with {costly:F3}, without costs with {plain:F3}");
    }

    [Fact]
    public void Run_MultiLabel_GivesOneProbabilityALabelAndAContractThatSaysSo()
    {
        using var folder = new TemporaryFolder();
        var both = SmallRun.Set(1, 6).Clips.Select(clip => new MelClip(clip.Id, [clip.Label, 2], clip.Group, clip.Cells)).ToList();
        var data = new RunData(new MelSet(["low", "high", "always"], both), []);
        var options = SmallRun.Options with { Loss = LossKind.MultiLabel, Epochs = 8, AverageDecay = 0, Augmentation = AugmentationOptions.None };

        var path = SmallRun.Run(folder.In("run"), options, data, SmallRun.Never).ModelPath;

        using var session = new InferenceSession(path);
        var contract = ModelContract.FromMetadata(session.ModelMetadata.CustomMetadataMap);
        Assert.Equal((ScoreKind.IndependentProbabilities, "probabilities"), (contract.ScoreKind, contract.OutputName));
        var window = new float[128 * 39];
        both[0].CopyWindow(0, 39, window);
        WindowNormalizer.Apply(window, contract.FloorBelowMax, contract.Normalization);
        using var input = OrtValue.CreateTensorValueFromMemory(window, [1, 1, 128, 39]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["mel"], [input], ["probabilities"]);
        var probabilities = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.InRange(probabilities[0], 0.6f, 1);
        Assert.InRange(probabilities[1], 0, 0.4f);
        Assert.InRange(probabilities[2], 0.6f, 1);
    }
}

using Microsoft.ML.OnnxRuntime;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
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
        var set = new MelSet(["low", "high", "always"], both);
        var data = new RunData(set, [("same", set)]);
        var options = SmallRun.Options with { Loss = LossKind.MultiLabel, Epochs = 8, AverageDecay = 0, Augmentation = AugmentationOptions.None };

        var result = SmallRun.Run(folder.In("run"), options, data, SmallRun.Never);
        var path = result.ModelPath;

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

        // The loss that patience watches is that of the exported model's own probabilities.
        using var model = new Training.Metrics.ModelFile(path);
        var scored = Training.Metrics.ScoredSet.Score(set, model.Contract, model.Logits);
        var expected = scored.Clips.SelectMany(clip => clip.Logits.Select((p, i) => clip.Labels.Contains(i % 3) ? -Math.Log(p) : -Math.Log(1 - p))).Average();
        Assert.Equal(expected, result.Last.ValidationLoss, 1e-4);
        Assert.InRange(result.Last.ValidationLoss, 0, 0.5);
    }

    [Fact]
    public void Run_TeacherOfFeatures_GivesItsFeatures()
    {
        using var folder = new TemporaryFolder();
        var data = SmallRun.Data();
        var path = folder.In("teacher.onnx");
        // The teacher's 1024 features are the mean of the window's lower half, 1024 times as it is or turned round.
        File.WriteAllBytes(path, Exporter.Export(
            (graph, x) => graph.Gemm(
                graph.Flatten(graph.ReduceMean(graph.Slice(x, [2], [0], [64]), [1, 2, 3])),
                graph.Constant(new TensorShape(1, 1024), Enumerable.Range(0, 1024).Select(i => i % 2 == 0 ? 1f : -1).ToArray())),
            new TensorShape(1, 128, 39),
            new Dictionary<string, ParameterTensor>(),
            new Dictionary<string, string>()));
        var options = SmallRun.Options with { Network = "efficient", FeatureTeacher = path, FeatureWeight = 1, Epochs = 12, LabelSmoothing = 0, Augmentation = AugmentationOptions.None };
        using var teacher = new FeatureTeacher(path, options.Contract(["low", "high"], 1), folder.In("cache"), 1);
        var features = FeatureTargets.Of(data.Training.Clips, teacher, null);

        double Loss(TrainingRunOptions run, RunData of) => SmallRun.Run(folder.In(Guid.NewGuid().ToString()), run, of, SmallRun.Never).Last.Loss;

        // Beside the labels' loss there is the features', which is about 0.8 where nothing is learnt of them.
        var labelsAlone = Loss(options with { FeatureTeacher = null }, data);
        var taught = Loss(options, data with { Features = features });
        Assert.True(taught < labelsAlone + 0.5, $"{taught:F2} with the features, {labelsAlone:F2} without");
    }

    [Fact]
    public void Run_NetworkWithoutFeatures_IsRefusedWithTheReason()
    {
        using var folder = new TemporaryFolder();
        var data = SmallRun.Data();
        var path = folder.In("teacher.onnx");
        File.WriteAllBytes(path, Exporter.Export(
            (graph, x) => graph.Flatten(graph.ReduceMean(x, [1, 2])), new TensorShape(1, 128, 39), new Dictionary<string, ParameterTensor>(),
            new Dictionary<string, string>()));
        using var teacher = new FeatureTeacher(path, SmallRun.Options.Contract(["low", "high"], 1), folder.In("cache"), 1);
        var taught = data with { Features = FeatureTargets.Of(data.Training.Clips, teacher, null) };

        var error = Assert.Throws<TrainingException>(() => SmallRun.Run(folder.In("run"), SmallRun.Options with { FeatureTeacher = path }, taught, SmallRun.Never));

        Assert.Contains("conv4-small gives no features and the teacher 39", error.Message, StringComparison.Ordinal);
    }
}

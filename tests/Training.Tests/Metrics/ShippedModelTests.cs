using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

/// <summary>The models that are shipped.</summary>
public class ShippedModelTests
{
    private const string Generated = "generated audio, for want of gtzan-mel";

    /// <summary>Model, the share of clips of valid.npz that its card says, and the set.</summary>
    public static TheoryData<string, double, string> Models
    {
        get
        {
            var set = ValidationSet is null ? Generated : "gtzan-mel";
            return new() { { "default", 0.848, set }, { "accurate", 0.827, set } };
        }
    }

    [Theory]
    [InlineData("default", 4)]
    [InlineData("accurate", 24)]
    public void Contract_ShippedModel_IsSoundAndKeepsToItsSize(string name, int mebibytes)
    {
        using var model = new ModelFile(PathOf(name));

        Assert.Empty(model.Contract.Errors());
        Assert.Equal($"streamgenre-{name}", model.Contract.Name);
        Assert.Equal(
            ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock", "electronic"], model.Contract.Labels);
        Assert.Contains("GTZAN", model.Contract.TrainingData, StringComparison.Ordinal);
        Assert.Contains("cleared", model.Contract.License, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(PathOf(name)).Length, 1, mebibytes * 1024 * 1024);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Evaluate_ShippedModel_HearsWhatTheCardSays(string name, double clips, string set)
    {
        using var model = new ModelFile(PathOf(name));
        if (set != Generated)
        {
            var scored = ScoredSet.Score(MelNpz.Read(ValidationSet!), model.Contract, model.Logits);
            var evaluation = Evaluation.Of(scored, model.Contract.Temperature, scored.SetLabels);

            Assert.Equal((197, 5319), (evaluation.Clips, evaluation.Windows));
            // Clips that it was trained on; rounding on another machine may turn one over.
            Assert.InRange(evaluation.ClipAccuracy, clips - 0.013, clips + 0.013);
        }
        else
        {
            var clip = GeneratedAudio.Clip(GeneratedAudio.Tones(1, 6), model.Contract.Mel);
            var scored = ScoredSet.Score(new MelSet(["classical"], [clip]), model.Contract, model.Logits);

            Assert.All(scored.Clips.Single().Logits, logit => Assert.True(float.IsFinite(logit)));
        }
    }

    private static string? ValidationSet => SharedData.Find("data", "gtzan-mel", "valid.npz");

    private static string PathOf(string name) => Path.Combine(SharedData.Repository, "models", $"{name}.onnx");
}

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Distillation;

public class MixedRecordingsTests
{
    private const int Frames = 60;

    private static readonly MelOptions Mel = new FrontEnd().Contract("student", "0", ["one", "other"]).Mel;

    [Fact]
    public void Of_LowAndHighRecordings_MixesSomeOfEitherKindAtMostFifteenDecibelsApart()
    {
        var set = new MelSet(["low", "high"], [Band("low", 0, 0, 40), Band("high", 1, 70, 110)]);

        var mixtures = MixedRecordings.Of(set, Mel, 60, seed: 4).Clips;

        Assert.Equal(60, mixtures.Count);
        var both = 0;
        foreach (var mixture in mixtures)
        {
            var cells = mixture.ToDecibels();
            Assert.All(cells, cell => Assert.True(float.IsFinite(cell)));
            var (low, high) = (Loudest(cells, 0, 40), Loudest(cells, 70, 110));
            both += Math.Abs(low - high) < 15.01 ? 1 : 0;
        }

        // Half the pairs are of both; a low-pass may take away some high bands.
        Assert.InRange(both, 15, 45);
    }

    [Fact]
    public void Of_SameSeed_GivesTheSameBits()
    {
        var set = new MelSet(["low", "high"], [Band("low", 0, 0, 40), Band("high", 1, 70, 110)]);

        var (once, again, other) = (MixedRecordings.Of(set, Mel, 3, 1), MixedRecordings.Of(set, Mel, 3, 1), MixedRecordings.Of(set, Mel, 3, 2));

        Assert.All(once.Clips.Zip(again.Clips), pair => Assert.Equal(pair.First.ToDecibels(), pair.Second.ToDecibels()));
        Assert.NotEqual(once.Clips[0].ToDecibels(), other.Clips[0].ToDecibels());
    }

    [Fact]
    public void Errors_MixturesWithoutATeacher_NamesTheRemedy() =>
        Assert.Contains(new TrainingRunOptions { FeatureMixtures = 5 }.Errors(), error => error.Contains("--feature-teacher", StringComparison.Ordinal));

    private static MelClip Band(string id, int label, int from, int to)
    {
        var cells = new float[Mel.MelBins * Frames];
        Array.Fill(cells, -100);
        cells.AsSpan(from * Frames, (to - from) * Frames).Fill(-20 - (label * 10));
        return new MelClip(id, label, id, Mel.MelBins, Frames, cells);
    }

    private static float Loudest(float[] cells, int from, int to) => System.Numerics.Tensors.TensorPrimitives.Max<float>(cells.AsSpan(from * Frames, (to - from) * Frames));
}

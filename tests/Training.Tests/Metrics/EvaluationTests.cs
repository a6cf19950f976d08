using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Commands;
using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

/// <summary>Figures that can be checked by hand. A clip's frames all hold one number, which the stand-in model turns into fixed logits.</summary>
public class EvaluationTests
{
    // Not normalised, so that the stand-in model can read the number.
    private static readonly ModelContract Contract = new()
    {
        Name = "t",
        Version = "1",
        Labels = ["a", "b", "c"],
        FloorBelowMax = null,
        Normalization = WindowNormalization.None,
    };

    // Probabilities of a, b, c for windows of the value 0, 1, 2.
    private static readonly double[][] Heard = [[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.1, 0.3, 0.6]];

    [Fact]
    public void Of_KnownScores_CountsClipsWindowsAndConfusion()
    {
        var scored = Scored(["a", "b"], Clip(0, 0, 39), Clip(0, 1, 39), Clip(1, 1, 65));

        var evaluation = Evaluation.Of(scored, 1, scored.SetLabels);

        Assert.Equal((3, 5), (evaluation.Clips, evaluation.Windows));
        Assert.Equal(2 / 3.0, evaluation.ClipAccuracy, 1e-12);
        Assert.Equal(4 / 5.0, evaluation.WindowAccuracy, 1e-12);
        Assert.Equal(0.5, evaluation.PerGenre["a"]);
        Assert.Equal(1, evaluation.PerGenre["b"]);
        Assert.Equal(new[,] { { 1, 1 }, { 0, 1 } }, evaluation.Confusion);
    }

    [Fact]
    public void Of_SetWithFewerLabels_LeavesTheOthersOutBeforeTheHighest()
    {
        // Windows of the value 2 are heard as c; among a and b, as b.
        var scored = Scored(["b", "a"], Clip(0, 2, 39));

        Assert.Equal([0, 1], scored.SetLabels);
        Assert.Equal(1, Evaluation.Of(scored, 1, scored.SetLabels).ClipAccuracy);
        Assert.Equal(0, Evaluation.Of(scored, 1, [0, 1, 2]).ClipAccuracy);
    }

    [Fact]
    public void Score_ClipShorterThanTheServerAnswers_IsLeftOutAndCounted()
    {
        // Half a second is 5.9 frames.
        var scored = Scored(["a"], Clip(0, 0, 5), Clip(0, 0, 6), Clip(0, 0, 39));

        Assert.Equal((2, 1), (scored.Clips.Count, scored.TooShort));
        Assert.All(scored.Clips, clip => Assert.Equal(1, clip.Windows));
    }

    [Fact]
    public void Score_WindowsThatDoNotOverlap_HearARestOfHalfAWindowToo()
    {
        int Windows(int frames) => ScoredSet.Score(new MelSet(["a"], [Clip(0, 0, frames)]), Contract, Logits, hopSeconds: 3.03).Clips[0].Windows;

        Assert.Equal([1, 1, 2, 2, 2, 3], new[] { 39, 58, 59, 78, 97, 98 }.Select(Windows));
    }

    [Theory]
    [InlineData(WindowLayout.MelMajor)]
    [InlineData(WindowLayout.FrameMajor)]
    public void Score_AnyPatchesAndLayout_FeedsWhatTheServerFeeds(WindowLayout layout)
    {
        var mel = new MelOptions { SampleRateHz = 8_000, FftSize = 256, FrameSamples = 256, HopSamples = 200, MelBins = 16, MaxFrequencyHz = 4_000 };
        var contract = new ModelContract
        {
            Name = "patches", Version = "1", Labels = ["a", "b"], Mel = mel, WindowSeconds = 1, PatchFrames = 15, PatchHopFrames = 11, FloorBelowMax = 30, Layout = layout,
        };
        Assert.Equal(3, contract.PatchCount);
        var samples = GeneratedAudio.Tones(3, 1)[..8_000];
        var windows = new Queue<Stages.Windowing.MelWindow>();
        new Stages.Windowing.WindowAssembler(contract, TimeSpan.FromSeconds(1)).Push(samples, windows);
        using var served = windows.Dequeue();
        var frames = new System.Buffers.ArrayBufferWriter<float>();
        new Stages.Mel.MelSpectrogram(mel).Push(samples, frames);
        var count = frames.WrittenCount / 16;
        var cells = Enumerable.Range(0, frames.WrittenCount).Select(i => frames.WrittenSpan[(i % count * 16) + (i / count)]).ToArray();
        float[] fed = [];

        var scored = ScoredSet.Score(new MelSet(["a"], [new MelClip("x", 0, "x", 16, count, cells)]), contract, x => (fed = x.ToArray())[..(2 * x.Length / 240)]);

        Assert.Equal((1, 3), (scored.Clips[0].Windows, scored.Clips[0].Patches));
        Assert.Equal(served.Cells.Length, fed.Length);
        for (var i = 0; i < fed.Length; i++)
        {
            Assert.Equal(served.Cells[i], fed[i], 1e-4);
        }

        var patches = scored.Clips[0].Logits.Chunk(2).Select(row => Probabilities.Softmax(row, 1)).ToList();
        Assert.Equal(patches.Average(row => row[0]), scored.Rows(scored.Clips[0], 1).Single()[0], 1e-12);
    }

    [Fact]
    public void Score_LabelThatTheModelDoesNotKnow_NamesIt()
    {
        var error = Assert.Throws<TrainingException>(() => Scored(["a", "polka"], Clip(0, 0, 39)));

        Assert.Contains("polka", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_AnyEvaluation_BeginsWithTheStatedKeysAndHasEveryFigure()
    {
        var scored = Scored(["a", "b"], Clip(0, 0, 39), Clip(1, 1, 39));

        var json = EvaluateCommand.Json(scored, 1);

        Assert.StartsWith("""{"clips":2,"windows":2,"clip_accuracy":1,"window_accuracy":1,"per_genre":{"a":1,"b":1},"tracks":""", json, StringComparison.Ordinal);
        using var parsed = JsonDocument.Parse(json);
        Assert.All(FigureSheet.Of(scored, 1, withIntervals: false), figure => Assert.Equal(figure.Value, parsed.RootElement.GetProperty(figure.Key).GetDouble()));
        Assert.Equal(2, parsed.RootElement.GetProperty("genres").GetArrayLength());
    }

    [Fact]
    public void FigureSheet_ClipsOfOneTrack_AreOneAnswer()
    {
        // Of the second track's clips one is heard as b and one, more surely, as a: together as a, which is right.
        var scored = Scored(["a", "b"], Clip(1, 1, 39, "one"), Clip(0, 0, 39, "two"), Clip(0, 1, 39, "two"));

        var figures = FigureSheet.Of(scored, 1, withIntervals: true);

        Assert.Equal(2 / 3.0, figures.Single(figure => figure.Key == "clip_accuracy").Value!.Value, 1e-12);
        Assert.Equal(1, figures.Single(figure => figure.Key == "track_accuracy").Value);
        Assert.Equal(Interval.Wilson(2, 2), figures.Single(figure => figure.Key == "track_accuracy").Interval);
    }

    [Fact]
    public void Score_ModelThatGivesProbabilities_TakesThemAsTheyAre()
    {
        var contract = Contract with { ScoreKind = ScoreKind.IndependentProbabilities };

        var scored = ScoredSet.Score(new MelSet(["a", "b"], [Clip(0, 0, 39)]), contract, _ => [0.9f, 0.8f, 0.1f]);

        Assert.Equal([0.9, 0.8, 0.1], scored.Rows(scored.Clips[0], 2).Single().Select(score => Math.Round(score, 6)));
    }

    [Fact]
    public void RollingVerdict_SecondHalfOfAnotherGenre_HearsTheLastThirtySeconds()
    {
        // 40 s of value 0, then 35 s of value 1: the last 30 s are all b although most windows are a.
        var frames = (int)(75 * 22_050 / 1708.0);
        var change = (int)(40 * 22_050 / 1708.0);
        var cells = Enumerable.Range(0, 128 * frames).Select(i => i % frames < change ? 0f : 1f).ToArray();
        var scored = ScoredSet.Score(new MelSet(["a", "b"], [new MelClip("x", 1, "x", 128, frames, cells)]), Contract, Logits);

        Assert.Equal([(1, 1)], RollingVerdict.Of(scored, 1));
        Assert.Equal(0, Evaluation.Of(scored, 1, [0, 1, 2]).ClipAccuracy);
    }

    [Fact]
    public void FitTemperature_KnownConfidence_FindsTheTemperatureThatMatchesIt()
    {
        // Always certain of a at logits 2, 0, 0 and right 6 times of 10, b and c equally often: e^(2/T) = 0.6 / 0.2, so T = 2 / ln 3.
        var clips = new[] { 0, 0, 0, 0, 0, 0, 1, 1, 2, 2 }.Select(label => Clip(label, 0, 39)).ToArray();
        var scored = ScoredSet.Score(new MelSet(["a", "b", "c"], clips), Contract, _ => [2, 0, 0]);

        Assert.Equal(2 / Math.Log(3), Calibration.FitTemperature([scored]), 2e-3);
        // Confidence 0.6 and accuracy 0.6 leave no error; untempered e²/(e² + 2) = 0.787 leaves 0.187.
        Assert.Equal(0, Calibration.ExpectedError([scored], 2 / Math.Log(3)), 1e-6);
        Assert.Equal((Math.Exp(2) / (Math.Exp(2) + 2)) - 0.6, Calibration.ExpectedError([scored], 1), 1e-6);
    }

    private static ScoredSet Scored(string[] labels, params MelClip[] clips) => ScoredSet.Score(new MelSet(labels, clips), Contract, Logits);

    private static float[] Logits(ReadOnlyMemory<float> x) =>
        x.ToArray().Chunk(128 * 39).SelectMany(window => Heard[(int)window[^1]]).Select(share => (float)Math.Log(share)).ToArray();

    private static MelClip Clip(int label, float value, int frames, string track = "clip")
    {
        var cells = new float[128 * frames];
        Array.Fill(cells, value);
        return new MelClip("clip", label, "clip", 128, frames, cells) { Track = track };
    }
}

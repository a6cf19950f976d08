using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Announcing;

namespace StreamGenre.Stages.Tests.Announcing;

public class CertaintyTests
{
    /// <summary>Expected values by scipy.stats.entropy(p) / log(len(p)).</summary>
    [Theory]
    [InlineData(new[] { 1f, 0, 0 }, 0)]
    [InlineData(new[] { 0.25f, 0.25f, 0.25f, 0.25f }, 1)]
    [InlineData(new[] { 0.7f, 0.2f, 0.1f }, 0.7298466991620975)]
    [InlineData(new[] { 0.5f, 0.25f, 0.125f, 0.125f }, 0.875)]
    [InlineData(new[] { 0.35f, 0.1f, 0.05f }, 0.7298466991620975)] // the third row at half its height, as in silence
    [InlineData(new[] { 0.4f }, 0)]
    [InlineData(new float[0], 1)]
    [InlineData(new[] { 0f, 0 }, 1)]
    public void Entropy_KnownScores_IsTheReferences(float[] scores, double expected) => Assert.Equal(expected, Certainty.Entropy(scores), 1e-6);

    /// <summary>Expected values by numpy: (p**g).max() / (p**g).sum() * p.sum(), g = 1 + log(n) / 7.</summary>
    [Theory]
    [InlineData(new[] { 0.7f, 0.2f, 0.1f }, 0.5, 0.7)]
    [InlineData(new[] { 0.7f, 0.2f, 0.1f }, 1, 0.7)]
    [InlineData(new[] { 0.7f, 0.2f, 0.1f }, 10, 0.7908012)]
    [InlineData(new[] { 0.35f, 0.1f, 0.05f }, 10, 0.3954006)] // the same at half its height, as in silence
    [InlineData(new[] { 0.25f, 0.25f, 0.25f, 0.25f }, 200, 0.25)]
    [InlineData(new[] { 1f, 0 }, 10, 1)]
    [InlineData(new float[0], 10, 0)]
    [InlineData(new[] { 0f, 0 }, 10, 0)]
    public void Confidence_KnownScores_IsTheReferences(float[] scores, double windows, double expected)
        => Assert.Equal(expected, Certainty.Confidence(scores, windows), 1e-5);

    [Fact]
    public void Confidence_AnyScores_LiesBetweenTheTopScoreAndTheirSumAndGrowsWithTheEvidence()
    {
        var cases = from scores in Gen.Choose(0, 1000).Select(thousandths => thousandths / 1000f).NonEmptyListOf() from windows in Gen.Choose(0, 100) select (scores, windows);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var sum = x.scores.Sum();
            float[] scores = [.. x.scores.Select(score => sum > 0 ? score / sum : 0)];
            var confidence = Certainty.Confidence(scores, x.windows);
            Assert.InRange(confidence, scores.Max() - 1e-5f, 1);
            Assert.True(Certainty.Confidence(scores, x.windows + 1) >= confidence - 1e-6f);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Entropy_AnyScores_LiesIn0To1AndDoesNotDependOnTheirHeight()
    {
        Prop.ForAll(Gen.Choose(0, 1000).Select(thousandths => thousandths / 1000f).NonEmptyListOf().ToArbitrary(), scores =>
        {
            var entropy = Certainty.Entropy([.. scores]);
            Assert.InRange(entropy, 0, 1);
            Assert.Equal(entropy, Certainty.Entropy([.. scores.Select(score => score / 8)]), 1e-5);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}

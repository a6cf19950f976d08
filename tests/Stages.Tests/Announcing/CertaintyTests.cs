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

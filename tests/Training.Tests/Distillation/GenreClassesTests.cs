using StreamGenre.Training.Distillation;

namespace StreamGenre.Training.Tests.Distillation;

public class GenreClassesTests
{
    private static readonly string[] Classes =
        ["Speech", "Violin, fiddle", "Pop music", "Pop", "Hip hop music", "Rock music", "Heavy metal", "Rock and roll", "Techno", "Electronic music", "Electronic organ", "Folk music", "Folk dance"];

    [Theory]
    [InlineData("pop", "Pop")]
    [InlineData("hiphop", "Hip hop music")]
    [InlineData("Hip-Hop", "Hip hop music")]
    [InlineData("rock", "Rock music")]
    [InlineData("electronic", "Electronic music")]
    [InlineData("metal", "Heavy metal")]
    [InlineData("fiddle", "Violin, fiddle")]
    [InlineData("Folk", "Folk music")]
    public void Of_LabelThatAClassMeans_FindsIt(string label, string expected) => Assert.Equal([expected], GenreClasses.Of([label], Classes));

    [Theory]
    [InlineData("jazz")]
    [InlineData("tech")]
    [InlineData("music")]
    public void Of_LabelThatNoneOrSeveralMean_FindsNone(string label) => Assert.Equal([null], GenreClasses.Of([label], Classes));
}

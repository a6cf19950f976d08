using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

public class CostMatrixTests
{
    [Fact]
    public void Read_RowsInAnyOrder_FollowsTheRunsLabels()
    {
        var costs = Read(",rock,blues,jazz\njazz,1,2,0\nblues,3,0,4\nrock,0,5,6\n", "blues", "rock");

        Assert.Equal([0f, 3f, 5f, 0f], costs);
    }

    [Fact]
    public void Read_HeaderWithoutACellOverTheRows_IsReadAsWell() =>
        Assert.Equal([0f, 3f, 5f, 0f], Read("rock,blues\nblues,3,0\nrock,0,5\n", "blues", "rock"));

    [Theory]
    [InlineData(",a,b\na,0,1\n", "one row and one column for b")]
    [InlineData(",a\na,0\nb,1\n", "one row and one column for b")]
    [InlineData(",a,b\na,0,-1\nb,1,0\n", "hearing a as b costs '-1'")]
    [InlineData(",a,b\na,0\nb,1,0\n", "hearing a as b costs ''")]
    [InlineData(",a,b\na,2,1\nb,1,0\n", "must cost 0 where 2 stands")]
    public void Read_Unusable_SaysWhere(string text, string part) =>
        Assert.Contains(part, Assert.Throws<TrainingException>(() => Read(text, "a", "b")).Message, StringComparison.Ordinal);

    private static float[] Read(string text, params string[] labels)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("costs.csv"), text);
        return CostMatrix.Read(folder.In("costs.csv"), labels);
    }
}

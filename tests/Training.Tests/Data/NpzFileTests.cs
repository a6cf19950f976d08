using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class NpzFileTests
{
    [Theory]
    [InlineData("npz_deflated.npz")]
    [InlineData("npz_stored.npz")]
    [InlineData("npz_zip64.npz")]
    public void Read_FileThatNumpyWrote_GivesItsArrays(string file)
    {
        var npz = NpzFile.Read(Golden(file));

        Assert.Equal([3, 4, 5], npz["bytes"].Shape);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (byte)(i * 7)), npz["bytes"].AsBytes());
        Assert.Equal([2, 3], npz["singles"].Shape);
        Assert.Equal([-1f, -0.75f, -0.5f, -0.25f, 0f, 0.25f], npz["singles"].ToSingles());
        Assert.Equal([MathF.PI, -1e-3f, 1e6f], npz["doubles"].ToSingles());
        Assert.Equal([-1, 2, 3, 4], npz["longs"].ToIntegers());
        Assert.Equal(["blues.00012", "rock"], npz["ascii"].ToStrings());
        Assert.Equal(["jazz", "hip-hop"], npz["unicode"].ToStrings());
        Assert.Empty(npz["scalar"].Shape);
        Assert.Equal([5], npz["scalar"].ToIntegers());
    }

    [Fact]
    public void Read_MissingArray_ListsThoseThereAre()
    {
        var error = Assert.Throws<TrainingException>(() => NpzFile.Read(Golden("npz_deflated.npz"))["mel"]);

        Assert.Contains("'mel'", error.Message, StringComparison.Ordinal);
        Assert.Contains("singles", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FormThatIsNotRead_NamesIt()
    {
        var error = Assert.Throws<TrainingException>(() => NpzFile.Read(Golden("npz_refused.npz")));

        Assert.Contains("fortran.npy", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fortran order", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(1000)]
    public void Read_CutFile_ThrowsWithItsName(int length)
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("cut.npz");
        File.WriteAllBytes(path, File.ReadAllBytes(Golden("npz_deflated.npz"))[..length]);

        var error = Assert.Throws<TrainingException>(() => NpzFile.Read(path));

        Assert.Contains("cut.npz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyShapes_ReadBackTheSame()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("weights.npz");
        float[] values = [1.5f, float.MinValue, -0f, float.Epsilon, 3, 4];

        NpzFile.Write(path, [("average/conv1.weight", [1, 2, 3], values), ("one", [1], [7])]);

        var read = NpzFile.Read(path);
        Assert.Equal([1, 2, 3], read["average/conv1.weight"].Shape);
        Assert.Equal(values, read["average/conv1.weight"].ToSingles());
        Assert.Equal([7f], read["one"].ToSingles());
    }

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", file);
}

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class MelNpzTests
{
    [Fact]
    public void Read_LevelsWithGenresBeside_GivesDecibelsAndNames()
    {
        using var folder = new TemporaryFolder();
        var path = Copy(folder);
        File.WriteAllText(folder.In("genres.txt"), "a\nb\n");

        var set = MelNpz.Read(path);

        Assert.Equal(["a", "b"], set.Labels);
        Assert.Equal(["rock.00001", "jazz.00002", "rock.00003", "jazz.00004"], set.Clips.Select(clip => clip.Id));
        Assert.Equal([1, 0, 1, 0], set.Clips.Select(clip => clip.Label));
        var clip = set.Clips[1];
        Assert.Equal((3, 5), (clip.MelBins, clip.Frames));
        // Level (15 * 13) mod 256 = 195 is the second clip's first cell: (195.5 / 256 * 80) - 80 dB.
        Assert.Equal(-18.90625f, clip.ToDecibels()[0], 1e-5f);
    }

    [Fact]
    public void Read_NoGenresAnywhere_TakesThemFromTheIds()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(["jazz", "rock"], MelNpz.Read(Copy(folder)).Labels);
    }

    [Fact]
    public void Read_OtherArrays_NamesWhatIsMissing()
    {
        var error = Assert.Throws<TrainingException>(() => MelNpz.Read(Path.Combine(AppContext.BaseDirectory, "Golden", "npz_stored.npz")));

        Assert.Contains("no array 'mel'", error.Message, StringComparison.Ordinal);
    }

    private static string Copy(TemporaryFolder folder)
    {
        var path = folder.In("set.npz");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "npz_set.npz"), path);
        return path;
    }
}

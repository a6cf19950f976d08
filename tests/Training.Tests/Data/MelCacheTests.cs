using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class MelCacheTests
{
    private static readonly MelOptions Mel = new() { MelBins = 5 };

    // [frames, mels]: 40 frames over 80 dB.
    private static readonly float[] Frames = Enumerable.Range(0, 200).Select(i => (float)(i * 37 % 200 * 0.4) - 80).ToArray();

    [Fact]
    public void Read_AfterWrite_GivesTheSameBitsFromMemoryAndFromDisk()
    {
        using var folder = new TemporaryFolder();
        var file = Audio(folder);
        var written = new MelCache(folder.In("cache")).Write(file, Mel, Frames);
        var inMemory = new MelCache(folder.In("cache")).Read(file, Mel)!;
        var onDisk = new MelCache(folder.In("cache"), memoryBytes: 0).Read(file, Mel)!;

        Assert.IsType<LevelFrames>(inMemory);
        Assert.IsType<FileFrames>(onDisk);
        Assert.Equal((5, 40), (onDisk.MelBins, onDisk.Count));
        foreach (var (first, count) in new[] { (0, 40), (7, 13), (39, 1), (0, 0) })
        {
            var window = Window(written, first, count);
            Assert.Equal(window, Window(inMemory, first, count));
            Assert.Equal(window, Window(onDisk, first, count));
            Assert.All(Enumerable.Range(0, 5 * count), cell => Assert.Equal(Frames[((first + (cell % count)) * 5) + (cell / count)], window[cell], 0.001f));
        }
    }

    [Fact]
    public void Write_BeyondTheMemory_LeavesFramesOnDisk()
    {
        using var folder = new TemporaryFolder();
        var cache = new MelCache(folder.In("cache"), memoryBytes: 2 * 200 * sizeof(ushort));

        var kinds = Enumerable.Range(0, 3).Select(i => cache.Write(Audio(folder, $"{i}.wav"), Mel, Frames).GetType());

        Assert.Equal([typeof(LevelFrames), typeof(LevelFrames), typeof(FileFrames)], kinds);
    }

    [Fact]
    public void Read_OtherFileOrFrontEnd_FindsNothing()
    {
        using var folder = new TemporaryFolder();
        var file = Audio(folder);
        var cache = new MelCache(folder.In("cache"));
        cache.Write(file, Mel, Frames);

        Assert.Null(cache.Read(file, Mel with { HopSamples = 512 }));
        Assert.Null(cache.Read(file, Mel with { MelNorm = MelNorm.None }));
        Assert.Null(cache.Read(Audio(folder, "other.wav"), Mel));
        File.SetLastWriteTimeUtc(file.FullName, DateTime.UnixEpoch);
        Assert.Null(cache.Read(new FileInfo(file.FullName), Mel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100)]
    public void Read_EntryCutShort_FindsNothingAndTheNextWriteMendsIt(int bytes)
    {
        using var folder = new TemporaryFolder();
        var file = Audio(folder);
        var cache = new MelCache(folder.In("cache"));
        cache.Write(file, Mel, Frames);
        using (var entry = File.OpenWrite(Directory.GetFiles(folder.In("cache")).Single()))
        {
            entry.SetLength(bytes);
        }

        Assert.Null(cache.Read(file, Mel));
        cache.Write(file, Mel, Frames);
        Assert.NotNull(cache.Read(file, Mel));
        Assert.Single(Directory.GetFiles(folder.In("cache")));
    }

    [Fact]
    public void Read_EntryOfAnotherForm_FindsNothing()
    {
        using var folder = new TemporaryFolder();
        var file = Audio(folder);
        var cache = new MelCache(folder.In("cache"));
        cache.Write(file, Mel, Frames);
        var path = Directory.GetFiles(folder.In("cache")).Single();
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(0, 8).Clear();
        File.WriteAllBytes(path, bytes);

        Assert.Null(cache.Read(file, Mel));
    }

    private static float[] Window(IMelFrames frames, int first, int count)
    {
        var window = new float[frames.MelBins * count];
        frames.CopyTo(first, count, window);
        return window;
    }

    private static FileInfo Audio(TemporaryFolder folder, string name = "a.wav")
    {
        var path = folder.In(name);
        File.WriteAllText(path, name);
        return new FileInfo(path);
    }
}

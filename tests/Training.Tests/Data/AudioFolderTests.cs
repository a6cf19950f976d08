using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class AudioFolderTests
{
    [Fact]
    public async Task ReadAsync_FolderWithIndex_TakesGenresArtistsAndSplit()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 1);

        var set = await Reader(folder, rows: "dev").ReadAsync(folder.In("music"), default);

        Assert.Equal(["noise", "tones"], set.Labels);
        Assert.Equal(["noise/00.wav", "noise/01.wav", "noise/02.wav", "tones/00.wav", "tones/01.wav", "tones/02.wav"], set.Clips.Select(clip => clip.Id));
        Assert.Equal(["noise-0", "noise-0", "noise-1"], set.Clips.Take(3).Select(clip => clip.Group));
    }

    [Fact]
    public async Task ReadAsync_FolderWithoutIndex_TakesSubFoldersAsGenres()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 1, index: false);

        var set = await Reader(folder).ReadAsync(folder.In("music"), default);

        Assert.Equal(["noise", "noise", "tones", "tones"], set.Clips.Select(clip => set.Labels[clip.Label]));
        Assert.Equal(set.Clips.Select(clip => clip.Id), set.Clips.Select(clip => clip.Group));
        Assert.All(set.Clips, clip => Assert.Null(clip.Split));
    }

    [Fact]
    public async Task ReadAsync_CorruptAndEmptyFiles_ReportsSkipsAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 1, seconds: 1, index: false);
        File.WriteAllText(folder.In("music", "tones", "broken.wav"), "not audio");
        File.WriteAllBytes(folder.In("music", "tones", "empty.wav"), GeneratedAudio.Wav([], 22_050));
        var notes = new List<string>();

        var set = await Reader(folder, notes).ReadAsync(folder.In("music"), default);

        Assert.Equal(2, set.Clips.Count);
        Assert.Contains(notes, note => note.StartsWith("skipped tones/broken.wav", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("skipped tones/empty.wav", StringComparison.Ordinal));
        Assert.Contains("2 skipped", notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SecondTime_ComesFromTheCacheWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 1);
        var notes = new List<string>();

        var first = await Reader(folder, notes).ReadAsync(folder.In("music"), default);
        var second = await Reader(folder, notes).ReadAsync(folder.In("music"), default);

        Assert.Contains("4 decoded, 0 from the cache", notes[1], StringComparison.Ordinal);
        Assert.Contains("0 decoded, 4 from the cache", notes[3], StringComparison.Ordinal);
        Assert.Equal(first.Clips.Select(clip => clip.ToDecibels()), second.Clips.Select(clip => clip.ToDecibels()));
    }

    [Fact]
    public async Task ReadAsync_IndexWithoutGenre_NamesTheColumn()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("music", "index.csv"), "file,label\na.wav,x\n");

        var error = await Assert.ThrowsAsync<TrainingException>(() => Reader(folder).ReadAsync(folder.In("music"), default));

        Assert.Contains("no column 'genre'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Training and serving meet: the same audio gives the network the same numbers.</summary>
    [Theory]
    [InlineData(22_050, false)]
    [InlineData(48_000, false)]
    [InlineData(44_100, true)]
    public void Spectrogram_CutAndNormalised_EqualsTheServersWindows(int sampleRateHz, bool withWavelet)
    {
        var contract = new ModelContract { Name = "t", Version = "1", Labels = ["a", "b"], Mel = new() { Wavelet = withWavelet ? new() : null } };
        var rows = contract.Mel.Rows;
        var (format, pcm) = (new PcmFormat(PcmEncoding.S16Le, sampleRateHz, 1), GeneratedAudio.Pcm(GeneratedAudio.Noise(1, 8)));
        var frontEnd = new SessionFrontEnd(contract, format, TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();
        frontEnd.Push(pcm, windows);
        Assert.NotEmpty(windows);

        var clip = GeneratedAudio.Clip(GeneratedAudio.Noise(1, 8), contract.Mel, sampleRateHz);
        foreach (var window in windows)
        {
            var nearest = (double)window.Index * contract.Mel.SampleRateHz / contract.Mel.HopSamples;
            var differences = new[] { (int)Math.Floor(nearest), (int)Math.Ceiling(nearest) }.Where(first => first + 39 <= clip.Frames).Select(first =>
            {
                var cells = new float[rows * 39];
                clip.CopyWindow(first, 39, cells);
                WindowNormalizer.Apply(cells, contract);
                return cells.Zip(window.Cells.ToArray(), (ours, theirs) => Math.Abs(ours - theirs)).Max();
            });
            Assert.Contains(differences, difference => difference < 1e-4f);
            window.Dispose();
        }
    }

    private static AudioFolderReader Reader(TemporaryFolder folder, List<string>? notes = null, string? rows = null) =>
        new(new MelOptions(), new MelCache(folder.In("cache")), new PartOptions { Rows = rows }, note => notes?.Add(note));
}

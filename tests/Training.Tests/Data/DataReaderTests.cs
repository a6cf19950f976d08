using System.Diagnostics;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

/// <summary>Data sets in each layout, made small on the spot and read from end to end; and real recordings where they are at hand.</summary>
public class DataReaderTests
{
    private const string Generated = "generated MP3s, for want of emotify";

    private static readonly string? Emotify = SharedData.Find("data", "emotify");

    public static TheoryData<string> RealSets => [Emotify is null ? Generated : "emotify"];

    [Fact]
    public async Task Gtzan_AuWithADamagedAndAShortFile_NamesCountsAndSkipsThem()
    {
        using var folder = new TemporaryFolder();
        foreach (var (genre, i) in new[] { "blues", "jazz", "metal" }.SelectMany(genre => new[] { (genre, 1), (genre, 2) }))
        {
            File.WriteAllBytes(folder.In("gtzan", "genres", genre, $"{genre}.{i:D5}.au"), GeneratedAudio.Au(GeneratedAudio.Tones(i, 1)));
        }

        File.WriteAllBytes(folder.In("gtzan", "genres", "jazz", "jazz.00054.au"), Enumerable.Repeat((byte)7, 3000).ToArray());
        File.WriteAllBytes(folder.In("gtzan", "genres", "blues", "blues.00003.au"), GeneratedAudio.Au(GeneratedAudio.Tones(3, 0.3)));
        var notes = new List<string>();

        var set = await Reader(folder, new PartOptions { Without = ["metal"] }, notes).ReadAsync(folder.In("gtzan"), default);

        Assert.Equal(["blues", "jazz"], set.Labels);
        Assert.Equal(["blues.00001", "blues.00002", "jazz.00001", "jazz.00002"], set.Clips.Select(clip => clip.Id));
        Assert.EndsWith("GTZAN, 8 recordings of 3 genres, no artists known, no split of its own; 6 of the genres asked for", notes[0], StringComparison.Ordinal);
        Assert.Contains(notes, note => note.StartsWith("skipped jazz.00054: ffmpeg can't decode it", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("skipped blues.00003: it is too short", StringComparison.Ordinal));
        Assert.EndsWith("4 recordings (4 decoded, 0 from the cache, 2 skipped)", notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gtzan_AGenreWhoseFilesAreAllDamaged_IsAnErrorThatNamesItAndWhy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.In("gtzan", "genres", "blues", "blues.00001.au"), GeneratedAudio.Au(GeneratedAudio.Tones(1, 1)));
        File.WriteAllBytes(folder.In("gtzan", "genres", "jazz", "jazz.00054.au"), [1, 2, 3]);

        var error = await Assert.ThrowsAsync<TrainingException>(() => Reader(folder).ReadAsync(folder.In("gtzan"), default));

        Assert.Contains("every recording of jazz", error.Message, StringComparison.Ordinal);
        Assert.Contains("jazz.00054: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Fma_Mp3WithAllGenres_GivesAMultiLabelSetWithItsOwnSplit()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("fma", "fma_metadata", "genres.csv"), "genre_id,title\n1,Rock\n2,Pop\n3,Noise\n");
        File.WriteAllText(
            folder.In("fma", "fma_metadata", "tracks.csv"),
            ",artist,set,set,track,track\n,id,split,subset,genre_top,genres_all\ntrack_id,,,,,\n1,9,training,small,Rock,\"[1, 2]\"\n2,9,test,small,Pop,[2]\n3,8,test,small,,[3]\n");
        var wav = folder.In("tones.wav");
        File.WriteAllBytes(wav, GeneratedAudio.Wav(GeneratedAudio.Tones(1, 1.5), GeneratedAudio.SampleRateHz));
        await FfmpegAsync("-i", wav, folder.In("fma", "fma_full", "000", "000001.mp3"), folder.In("fma", "fma_full", "000", "000002.mp3"));
        var notes = new List<string>();

        var set = await Reader(folder, new PartOptions { AllGenres = true }, notes).ReadAsync(folder.In("fma"), default);
        var sides = Splits.Apply(set, SplitRule.Parse("official"), 1);

        Assert.True(set.IsMultiLabel);
        Assert.Equal(["Pop", "Rock"], set.Labels);
        Assert.Equal([1, 0], set.Clips[0].Labels);
        Assert.Equal(("9", 1, 1), (set.Clips[0].Group, sides.Training.Clips.Count, sides.Test.Clips.Count));
        Assert.Contains("skipped 000003: the file doesn't exist", notes);
        Assert.Contains(notes, note => note.EndsWith("no recording of Noise could be read", StringComparison.Ordinal));
        Assert.EndsWith("so figures flatter", sides.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npz_SomeGenres_KeepsThemAlone()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "npz_set.npz"), folder.In("set.npz"));
        var reader = new DataReader(new MelOptions { MelBins = 3 }, folder.In("cache"), new PartOptions { Genres = ["rock"] });

        var set = await reader.ReadAsync(folder.In("set.npz"), default);

        reader.CheckGenres();
        Assert.Equal(["rock"], set.Labels);
        Assert.Equal(["rock.00001", "rock.00003"], set.Clips.Select(clip => clip.Id));
        Assert.All(set.Clips, clip => Assert.Equal(0, clip.Label));
    }

    [Fact]
    public async Task CheckGenres_MisspeltGenre_NamesItAndThoseThereAre()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 1, seconds: 1);
        var reader = Reader(folder, new PartOptions { Without = ["nosie"] });

        await reader.ReadAsync(folder.In("music"), default);

        Assert.Equal("no part has the genre nosie; there are noise, tones", Assert.Throws<TrainingException>(reader.CheckGenres).Message);
        Assert.Contains(
            "it has noise, tones",
            (await Assert.ThrowsAsync<TrainingException>(() => Reader(folder, new PartOptions { Genres = ["rock"] }).ReadAsync(folder.In("music"), default))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RealSets))]
    public async Task RealCodecs_OpusAndMp3OfTheSameRecording_SoundAlike(string which)
    {
        using var folder = new TemporaryFolder();
        var music = folder.In("music", "index.csv");
        if (which == Generated)
        {
            var wav = folder.In("tones.wav");
            File.WriteAllBytes(wav, GeneratedAudio.Wav(GeneratedAudio.Tones(1, 8), GeneratedAudio.SampleRateHz));
            await FfmpegAsync("-i", wav, "-ac", "2", "-ar", "44100", folder.In("music", "a.mp3"), "-ss", "5", folder.In("music", "a.opus"));
            File.WriteAllText(music, "file,genre,artist_id\na.mp3,mp3,1\na.opus,opus,1\n");
        }
        else
        {
            // The Opus files are cuts from second 5 on of the same recordings.
            string Row(string file, string codec) => $"{Path.Combine(Emotify!, file)},{codec},1";
            File.WriteAllLines(music, ["file,genre,artist_id", Row("mp3/classical_001.mp3", "mp3"), Row("classical/001.opus", "opus")]);
        }

        var set = await Reader(folder).ReadAsync(folder.In("music"), default);

        // 64 frames, about 5 s, from second 1 of the Opus file and, at the best of nearby frames, of the MP3; below 8 kHz, where both codecs are whole.
        var (mp3, opus) = (set.Clips.Single(clip => set.Labels[clip.Label] == "mp3"), set.Clips.Single(clip => set.Labels[clip.Label] == "opus"));
        var (length, first) = (Math.Min(64, opus.Frames - 13), 13);
        var wanted = Low(opus, first, length);
        var best = Enumerable.Range(74, 9).Select(start => Correlation(wanted, Low(mp3, start, Math.Min(length, mp3.Frames - start)))).Max();
        Assert.InRange(best, 0.9, 1);
    }

    private static float[] Low(MelClip clip, int first, int length)
    {
        var cells = new float[clip.MelBins * length];
        clip.CopyWindow(first, length, cells);
        return cells[..(100 * length)].Select(value => Math.Max(value, -40)).ToArray();
    }

    private static double Correlation(float[] a, float[] b)
    {
        if (a.Length != b.Length)
        {
            return 0;
        }

        var (meanA, meanB) = (a.Average(), b.Average());
        var product = a.Zip(b, (x, y) => (double)(x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => Math.Pow(x - meanA, 2)) * b.Sum(y => Math.Pow(y - meanB, 2)));
    }

    private static DataReader Reader(TemporaryFolder folder, PartOptions? options = null, List<string>? notes = null) =>
        new(new MelOptions(), folder.In("cache"), options ?? new PartOptions(), note => notes?.Add(note));

    private static async Task FfmpegAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
    }
}

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

/// <summary>What lies in a folder, found out by names and tables alone: no file of audio is opened.</summary>
public class AudioFolderLayoutTests
{
    // The three header rows of FMA's table, a biography with a comma, a quote and a line break, a track without a top genre, and one of each subset.
    private const string Tracks = """
        ,album,artist,artist,set,set,track,track,track
        ,comments,bio,id,split,subset,genre_top,genres_all,title
        track_id,,,,,,,,
        2,0,"plays ""loud"",
        and long",1,training,small,Hip-Hop,[21],Food
        5,0,,1,training,medium,Rock,"[12, 21]",This World
        10,0,,6,validation,small,Pop,[10],Freeway
        140,0,,6,test,large,,"[12, 10]",Queen
        99999,0,,7,test,large,Rock,[],Empty
        """;

    private const string Genres = """
        genre_id,#tracks,parent,title,top_level
        10,13845,0,Pop,10
        12,32923,0,Rock,12
        21,8389,0,Hip-Hop,21
        """;

    [Theory]
    [InlineData("genres/blues/blues.00000.au", "genres/jazz/jazz.00054.au")]
    [InlineData("genres_original/blues/blues.00000.wav", "genres_original/jazz/jazz.00054.wav")]
    [InlineData("Data/genres_original/blues/blues.00000.wav", "Data/genres_original/jazz/jazz.00054.wav")]
    [InlineData("blues/blues.00000.au", "jazz/jazz.00054.mp3")]
    public void List_GtzanInAnyOfItsCopies_IsRecognisedAndNamedAsItsListsNameIt(params string[] files)
    {
        using var folder = Folder([.. files, "genres/.DS_Store", "images_original/blues/blues00000.png"]);

        var listing = AudioFolder.List(folder.Path, new PartOptions());

        Assert.Equal("GTZAN, 2 recordings of 2 genres, no artists known, no split of its own", listing.ToString());
        Assert.Equal(["blues.00000", "jazz.00054"], listing.Entries.Select(entry => entry.Id));
        Assert.Equal(["blues", "jazz"], listing.Entries.Select(entry => entry.Genres.Single()));
        Assert.All(listing.Entries, entry => Assert.True(File.Exists(entry.Path)));
    }

    [Theory]
    [InlineData("small", "000002 Hip-Hop, 000010 Pop", "FMA small, 2 recordings of 2 genres, 2 artists, its own split (1 training, 1 validation)")]
    [InlineData("medium", "000002 Hip-Hop, 000005 Rock, 000010 Pop", "FMA medium, 3 recordings of 3 genres, 2 artists, its own split (2 training, 1 validation)")]
    [InlineData("large", "000002 Hip-Hop, 000005 Rock, 000010 Pop, 099999 Rock", "FMA large, 4 recordings of 3 genres, 3 artists, its own split (2 training, 1 validation, 1 test); 1 without a genre left out")]
    [InlineData("full", "000002 Hip-Hop, 000005 Rock, 000010 Pop, 099999 Rock", "FMA full, 4 recordings of 3 genres, 3 artists, its own split (2 training, 1 validation, 1 test); 1 without a genre left out")]
    public void List_FmaByItsTopGenre_TakesTheSubsetsOfItsFolder(string subset, string expected, string line)
    {
        using var folder = Fma(subset);

        var listing = AudioFolder.List(folder.Path, new PartOptions());
        var bySubset = AudioFolder.List(folder.In($"fma_{subset}") + "/", new PartOptions { Layout = DataLayout.Fma });

        Assert.Equal(expected, string.Join(", ", listing.Entries.Select(entry => $"{entry.Id} {entry.Genres.Single()}")));
        Assert.Equal(line, listing.ToString());
        Assert.Equal(listing.Entries.Select(entry => entry.Path), bySubset.Entries.Select(entry => entry.Path));
        Assert.EndsWith(Path.Combine($"fma_{subset}", "000", "000010.mp3"), listing.Entries.Single(entry => entry.Id == "000010").Path, StringComparison.Ordinal);
        Assert.Equal("6", listing.Entries.Single(entry => entry.Id == "000010").Artist);
    }

    [Fact]
    public void List_FmaWithAllGenres_NamesEachAndTakesTracksWithoutATopGenre()
    {
        using var folder = Fma("full");

        var listing = AudioFolder.List(folder.Path, new PartOptions { AllGenres = true });

        Assert.Equal(
            ["000002: Hip-Hop", "000005: Rock, Hip-Hop", "000010: Pop", "000140: Rock, Pop"],
            listing.Entries.Select(entry => $"{entry.Id}: {string.Join(", ", entry.Genres)}"));
        Assert.Equal(1, listing.Unlabelled);
    }

    [Fact]
    public void List_FmaThatIsAmbiguousOrWithoutAudioOrDamaged_SaysWhat()
    {
        using var two = Fma("small", "large");
        using var none = Fma();
        using var damaged = Fma("small");
        File.WriteAllText(damaged.In("fma_metadata", "tracks.csv"), "track_id,genre_top\n2,Rock\n");

        Assert.Contains("fma_small and fma_large", Error(two), StringComparison.Ordinal);
        Assert.Contains("no audio", Error(none), StringComparison.Ordinal);
        Assert.Contains("no column set/split", Error(damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void List_IndexWithQuotesSplitAndSeveralGenres_ReadsItAsATable()
    {
        using var folder = Folder([]);
        File.WriteAllText(folder.In("index.csv"), "file, genre ,artist,split\n\"b, live.mp3\",rock;pop,Q,train\n\na.mp3,jazz,,test\n");

        var main = AudioFolder.List(folder.Path, new PartOptions());
        var all = AudioFolder.List(folder.Path, new PartOptions { AllGenres = true });

        Assert.Equal("index.csv, 2 recordings of 2 genres, 1 artists, its own split (1 test, 1 train)", main.ToString());
        Assert.Equal(["a.mp3", "b, live.mp3"], main.Entries.Select(entry => entry.Id));
        Assert.Equal(["rock", "pop"], all.Entries[1].Genres);
        Assert.Equal(["b, live.mp3"], AudioFolder.List(folder.Path, new PartOptions { Rows = "train" }).Entries.Select(entry => entry.Id));
        Assert.Contains("no split 'dev': test, train", Error(folder, new PartOptions { Rows = "dev" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file,genre\na.mp3\n", "line 2")]
    [InlineData("file,genre\na.mp3,rock\nb.mp3, \n", "line 3")]
    [InlineData("file,label\na.mp3,rock\n", "no column 'genre'")]
    [InlineData("", "no column 'file'")]
    public void List_DamagedIndex_SaysWhere(string index, string said)
    {
        using var folder = Folder([]);
        File.WriteAllText(folder.In("index.csv"), index);

        Assert.Contains(said, Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void List_LayoutThatIsAskedFor_WinsOverWhatElseLiesThere()
    {
        using var folder = Folder(["genres/blues/blues.00000.au", "mixes/long.mp3"]);
        File.WriteAllText(folder.In("index.csv"), "file,genre\nmixes/long.mp3,dance\n");

        Assert.Equal("index.csv", AudioFolder.List(folder.Path, new PartOptions()).Layout);
        Assert.Equal("GTZAN", AudioFolder.List(folder.Path, new PartOptions { Layout = DataLayout.Gtzan }).Layout);
        Assert.Equal(["genres/blues/blues.00000.au", "mixes/long.mp3"], AudioFolder.List(folder.Path, new PartOptions { Layout = DataLayout.Folders }).Entries.Select(entry => entry.Id));
        Assert.Contains("fma_metadata", Error(folder, new PartOptions { Layout = DataLayout.Fma }), StringComparison.Ordinal);
    }

    [Fact]
    public void List_GenresWithFoldersOfArtists_ReadsAllOfThemAndKnowsTheArtists()
    {
        using var folder = Folder(["rock/Ann/First/1.mp3", "rock/Ann/Second/1.mp3", "rock/loose.wav", "pop/Bob/2.flac", "pop/Bob/._2.flac", "pop/Bob/cover.jpg"]);

        var listing = AudioFolder.List(folder.Path, new PartOptions());

        Assert.Equal("genre folders, 4 recordings of 2 genres, 2 artists, no split of its own", listing.ToString());
        Assert.Equal(
            ["pop/Bob/2.flac Bob", "rock/Ann/First/1.mp3 Ann", "rock/Ann/Second/1.mp3 Ann", "rock/loose.wav "],
            listing.Entries.Select(entry => $"{entry.Id} {entry.Artist}"));
    }

    [Fact]
    public void List_OtherFilesInGtzansFolders_AreCounted()
    {
        using var folder = Folder(["blues/blues.00000.au", "blues/mine.mp3", "blues/._blues.00000.au"]);

        var listing = AudioFolder.List(folder.Path, new PartOptions());

        Assert.Equal("GTZAN, 1 recordings of 1 genres, no artists known, no split of its own; 1 of other names than GTZAN's left out (--layout folders takes all)", listing.ToString());
    }

    [Fact]
    public void List_NothingToHear_SaysWhatIsWanted()
    {
        using var folder = Folder(["notes/a.txt"]);

        Assert.Contains("holds no audio", Error(folder), StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<TrainingException>(() => AudioFolder.List(Path.Combine(folder.Path, "nowhere"), new PartOptions())).Message, StringComparison.Ordinal);
    }

    private static string Error(TemporaryFolder folder, PartOptions? options = null) =>
        Assert.Throws<TrainingException>(() => AudioFolder.List(folder.Path, options ?? new PartOptions())).Message;

    private static TemporaryFolder Folder(string[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var file in files)
        {
            File.WriteAllBytes(folder.In(file.Split('/')), []);
        }

        return folder;
    }

    private static TemporaryFolder Fma(params string[] subsets)
    {
        var folder = Folder(subsets.Select(subset => $"fma_{subset}/README.txt").ToArray());
        File.WriteAllText(folder.In("fma_metadata", "tracks.csv"), Tracks + "\n");
        File.WriteAllText(folder.In("fma_metadata", "genres.csv"), Genres + "\n");
        return folder;
    }
}

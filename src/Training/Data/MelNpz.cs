namespace StreamGenre.Training.Data;

/// <summary>
/// Clips of log-mel levels in an npz: <c>mel</c> u1 [clips, mels, frames] (level 0..255 of 80 dB under the clip's maximum, mel bin 0 the
/// lowest) or f4 in dB, <c>label</c> [clips], and optionally <c>id</c>, <c>artist</c>, <c>track</c> (the recording that a clip is cut from) and <c>split</c> [clips]. The labels' names stand in an array <c>genres</c>, in a
/// <c>genres.txt</c> beside the file (one a line), or before the dot of the ids.
/// </summary>
internal static class MelNpz
{
    private const double FloorDecibels = 80;

    // level = floor((dB + 80)/80·256); a cell is read as the middle of its step.
    private const double LevelStep = FloorDecibels / 256;

    /// <summary>Reads a set.</summary>
    /// <exception cref="TrainingException">The file is missing, damaged or has another layout; the message says which.</exception>
    public static MelSet Read(string path)
    {
        var file = NpzFile.Read(path);
        var mel = file["mel"];
        if (mel.Shape.Length != 3)
        {
            throw new TrainingException($"{path}: mel has {mel.Shape.Length} axes; it must be [clips, mels, frames]");
        }

        var labels = file["label"].ToIntegers();
        var (clips, bins, frames) = (mel.Shape[0], mel.Shape[1], mel.Shape[2]);
        if (labels.Length != clips)
        {
            throw new TrainingException($"{path}: {labels.Length} labels for {clips} clips");
        }

        var ids = file.Contains("id") ? file["id"].ToStrings() : Enumerable.Range(0, clips).Select(i => $"clip.{i:D5}").ToArray();
        var splits = file.Contains("split") ? file["split"].ToStrings() : null;
        var tracks = file.Contains("track") ? file["track"].ToStrings() : ids;
        var artists = file.Contains("artist") ? file["artist"].ToStrings() : tracks;
        var cells = Cells(mel, bins, frames);
        return new MelSet(
            GenreNames(file, labels, ids),
            Enumerable.Range(0, clips).Select(i => new MelClip(ids[i], [labels[i]], artists[i], cells(i)) { Split = splits?[i], Track = tracks[i] }).ToList());
    }

    // Levels stay levels: a step of 80/256 dB and its middle are exact in single precision, and 16 bits take half the room.
    private static Func<int, IMelFrames> Cells(NpyArray mel, int bins, int frames)
    {
        var size = bins * frames;
        if (mel.Type != "u1")
        {
            var decibels = mel.ToSingles();
            return i => new DecibelFrames(decibels.AsSpan(i * size, size).ToArray(), bins, frames);
        }

        var levels = mel.AsBytes();
        return i =>
        {
            var transposed = new ushort[size];
            for (var cell = 0; cell < size; cell++)
            {
                transposed[((cell % frames) * bins) + (cell / frames)] = levels[(i * size) + cell];
            }

            return new LevelFrames(transposed, bins, (float)((LevelStep / 2) - FloorDecibels), (float)LevelStep);
        };
    }

    private static IReadOnlyList<string> GenreNames(NpzFile file, int[] labels, string[] ids)
    {
        if (file.Contains("genres"))
        {
            return file["genres"].ToStrings();
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, "genres.txt");
        if (File.Exists(beside))
        {
            return File.ReadAllLines(beside).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        }

        var names = new string?[labels.Max() + 1];
        foreach (var (label, id) in labels.Zip(ids))
        {
            var dot = id.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || (names[label] is { } known && known != id[..dot]))
            {
                throw new TrainingException($"{file.Path} names no genres; put a genres.txt with one name a line, in label order, beside it");
            }

            names[label] = id[..dot];
        }

        // A label without a clip keeps its place under a name no genre has.
        return names.Select((name, i) => name ?? $"label-{i}").ToList();
    }
}

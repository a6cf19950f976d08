using StreamGenre.AudioFiles;

namespace StreamGenre.Training.Data;

/// <summary>
/// A split given as lists of recordings, one a line, such as GTZAN's fault-filtered, artist-disjoint lists (Kereliuk, Sturm and Larsen 2015). A line is
/// <c>blues/blues.00029.wav</c> or <c>blues.00029</c>. Recordings on no list are left out.
/// </summary>
/// <param name="Folder">Where the lists lie.</param>
/// <param name="Lists">The names on each list, without folders of other machines and without audio extensions.</param>
internal sealed record ListedSplit(string Folder, IReadOnlyDictionary<SplitSide, IReadOnlyList<string>> Lists) : SplitRule
{
    private static readonly (SplitSide Side, string File)[] Files =
    [
        (SplitSide.Training, "train_filtered.txt"), (SplitSide.Validation, "valid_filtered.txt"), (SplitSide.Test, "test_filtered.txt"),
    ];

    /// <summary>Reads the lists in a folder; those of validation and test may be absent.</summary>
    /// <exception cref="TrainingException">There is no list of the training side.</exception>
    public static ListedSplit Read(string folder)
    {
        var lists = Files
            .Select(list => (list.Side, Path: Path.Combine(folder, list.File)))
            .Where(list => File.Exists(list.Path))
            .ToDictionary(list => list.Side, list => (IReadOnlyList<string>)File.ReadLines(list.Path).Select(Name).Where(name => name.Length > 0).ToList());
        return lists.ContainsKey(SplitSide.Training)
            ? new ListedSplit(folder, lists)
            : throw new TrainingException($"{folder} holds no {Files[0].File}; put the fault-filtered lists {string.Join(", ", Files.Select(list => list.File))} there");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SplitSide?> Sides(MelSet set, int seed, int fold)
    {
        var places = Places(set);
        var sides = new SplitSide?[set.Clips.Count];
        foreach (var (side, names) in Lists)
        {
            foreach (var name in names)
            {
                // A recording that is listed but not there (or was skipped) is no error: GTZAN's jazz.00054 is damaged in Kaggle's copy.
                if (places.TryGetValue(name, out var place) || places.TryGetValue(name[(name.LastIndexOf('/') + 1)..], out place))
                {
                    sides[place] = sides[place] is { } other && other != side
                        ? throw new TrainingException($"{set.Clips[place].Id} stands on two lists of {Folder} ({other} and {side})")
                        : side;
                }
            }
        }

        return sides.Any(side => side is not null)
            ? sides
            : throw new TrainingException(
                $"no recording of the set stands on the lists of {Folder}: they name {string.Join(", ", Lists[SplitSide.Training].Take(2))} ..., "
                + $"the set {string.Join(", ", set.Clips.Take(2).Select(clip => clip.Id))} ...");
    }

    // A clip is found under its whole id, and under the part behind the last slash where only one clip ends so.
    private static Dictionary<string, int> Places(MelSet set)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var ends in Enumerable.Range(0, set.Clips.Count).GroupBy(i => Name(set.Clips[i].Id).Split('/')[^1], StringComparer.Ordinal))
        {
            if (ends.Count() == 1)
            {
                places[ends.Key] = ends.First();
            }
        }

        for (var i = 0; i < set.Clips.Count; i++)
        {
            places[Name(set.Clips[i].Id)] = i;
        }

        return places;
    }

    // "blues.00029" has no extension to lose; "blues.00029.wav" has.
    private static string Name(string line)
    {
        var name = line.Trim().Replace('\\', '/');
        return AudioFile.IsAudio(name) ? name[..name.LastIndexOf('.')] : name;
    }
}

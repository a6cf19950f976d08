namespace StreamGenre.Training.Data;

/// <summary>A drawn split: shares of the artists (no artist on two sides) or of the tracks (each genre in its share).</summary>
/// <param name="ByArtist">True: whole artists are drawn; false: single tracks, genre by genre.</param>
/// <param name="Validation">Share of the validation side, 0 to below 1.</param>
/// <param name="Test">Share of the test side, 0 to below 1.</param>
internal sealed record SharesSplit(bool ByArtist, double Validation, double Test = 0) : SplitRule
{
    /// <inheritdoc/>
    public override IReadOnlyList<SplitSide?> Sides(MelSet set, int seed, int fold)
    {
        if (Validation < 0 || Test < 0 || Validation + Test >= 1)
        {
            throw new TrainingException($"the shares to hold back are {Validation} and {Test}; each must be 0 or more and their sum below 1");
        }

        var random = new Random(seed);
        var drawn = ByArtist
            ? Artists(Draw(set.Clips.Select(clip => clip.Group), random), fold)
            : Tracks(set, random, fold);
        return set.Clips.Select(clip => (SplitSide?)drawn.GetValueOrDefault(ByArtist ? clip.Group : clip.Track, SplitSide.Training)).ToList();
    }

    // Ordered before it is shuffled, so that the draw does not depend on the clips' order.
    private static string[] Draw(IEnumerable<string> names, Random random)
    {
        var ordered = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        random.Shuffle(ordered);
        return ordered;
    }

    private Dictionary<string, SplitSide> Artists(string[] artists, int fold)
    {
        int Count(double share) => share > 0 ? Math.Max(1, (int)Math.Round(share * artists.Length)) : 0;
        var (test, validation) = (Count(Test), Count(Validation));
        CheckFold(fold, test + (fold * validation) < artists.Length, $"{artists.Length} artists at {validation} a fold");

        // The test side is drawn first and does not move with the fold: what one fold tests no other learns from.
        return Sides(artists[..Math.Min(test, artists.Length)], artists.Skip(test + (fold * validation)).Take(validation));
    }

    private Dictionary<string, SplitSide> Tracks(MelSet set, Random random, int fold)
    {
        CheckFold(fold, Test + (fold * Validation) < 1, $"the tracks at a share of {Validation} a fold");
        var (test, validation) = (new List<string>(), new List<string>());
        var before = 0;
        foreach (var genre in set.Clips.DistinctBy(clip => clip.Track).GroupBy(clip => clip.Label).OrderBy(genre => set.Labels[genre.Key], StringComparer.Ordinal))
        {
            var tracks = Draw(genre.Select(clip => clip.Track), random);

            // Rounded over all genres so far, so that the whole set's shares come out exactly however small the genres are.
            var (begin, end) = (before, before + tracks.Length);
            int Between(double low, double high) => (int)(Math.Round(high * end) - Math.Round(low * end) - Math.Round(high * begin) + Math.Round(low * begin));
            var (testCount, skipped) = (Between(0, Test), Between(0, Test + (fold * Validation)));
            var count = Between(Test + (fold * Validation), Math.Min(1, Test + ((fold + 1) * Validation)));
            test.AddRange(tracks.Take(testCount));
            validation.AddRange(tracks.Skip(skipped).Take(count));
            before = end;
        }

        return Sides(test, validation);
    }

    private static Dictionary<string, SplitSide> Sides(IEnumerable<string> test, IEnumerable<string> validation) =>
        test.Select(name => (name, SplitSide.Test)).Concat(validation.Select(name => (name, SplitSide.Validation))).ToDictionary(StringComparer.Ordinal);

    private void CheckFold(int fold, bool inside, string limit)
    {
        if (fold < 0 || (Validation > 0 && !inside))
        {
            throw new TrainingException($"fold {fold} is beyond {limit}");
        }
    }
}

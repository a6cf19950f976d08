namespace StreamGenre.Training.Data;

/// <summary>Splits of sets: the one place where it is decided which clip is learnt from and which is measured on.</summary>
internal static class Splits
{
    /// <summary>The rule that was asked for: the one named, or a share of artists, or none (null).</summary>
    /// <param name="splitBy">As <see cref="SplitRule.Parse"/> reads it; null where none was named.</param>
    /// <param name="artists">Share of the artists held back where none was named; 0 for no split.</param>
    public static SplitRule? Rule(string? splitBy, double artists) =>
        splitBy is not null ? SplitRule.Parse(splitBy) : artists > 0 ? new SharesSplit(ByArtist: true, artists) : null;

    /// <summary>Splits a set by a rule.</summary>
    /// <param name="set">The set.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="seed">Draws what the rule draws.</param>
    /// <param name="fold">Which block of what is drawn is the validation side.</param>
    /// <exception cref="TrainingException">The set can't be split so.</exception>
    public static SplitSets Apply(MelSet set, SplitRule rule, int seed, int fold = 0)
    {
        var sides = rule.Sides(set, seed, fold);
        MelSet Of(SplitSide? side) => new(set.Labels, set.Clips.Where((_, i) => sides[i] == side).ToList());
        return new SplitSets(Of(SplitSide.Training), Of(SplitSide.Validation), Of(SplitSide.Test), sides.Count(side => side is null));
    }

    /// <summary>
    /// The blocks of a k-fold cross-validation: every clip is held once, no artist stands on both sides, and each block gets about its share of every genre.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="folds">Blocks, 2 or more.</param>
    /// <param name="seed">Draws them; the same seed and clips give the same blocks whatever the clips' order.</param>
    /// <exception cref="TrainingException">There are fewer artists than blocks.</exception>
    public static IReadOnlyList<(MelSet Kept, MelSet Held)> Folds(MelSet set, int folds, int seed)
    {
        var artists = set.Clips.GroupBy(clip => clip.Group, StringComparer.Ordinal).OrderBy(artist => artist.Key, StringComparer.Ordinal).ToArray();
        if (folds < 2 || folds > artists.Length)
        {
            throw new TrainingException($"{folds} folds of {artists.Length} artists (or recordings, where no artist is known); 2..{artists.Length} are possible");
        }

        var blocks = Enumerable.Range(0, folds).Select(_ => new double[set.Labels.Count + 1]).ToArray();
        var totals = Counts(set.Clips, set.Labels.Count);
        var blockOf = new Dictionary<string, int>(StringComparer.Ordinal);
        new Random(seed).Shuffle(artists);

        // The largest artists first, each to the block that its genres crowd least: the greedy rule of scikit-learn's StratifiedGroupKFold,
        // with squared counts over the genre's total for its mean deviation. The last count is of all clips, so that genres alone don't decide.
        foreach (var artist in artists.OrderByDescending(artist => artist.Count()))
        {
            var counts = Counts(artist, set.Labels.Count);
            double Crowding(double[] block) => block.Zip(counts, totals).Sum(cell => cell.Third > 0 ? ((2 * cell.First) + cell.Second) * cell.Second / cell.Third : 0);
            var best = Enumerable.Range(0, folds).MinBy(block => Crowding(blocks[block]));
            blockOf.Add(artist.Key, best);
            for (var i = 0; i < counts.Length; i++)
            {
                blocks[best][i] += counts[i];
            }
        }

        return Enumerable.Range(0, folds)
            .Select(fold => (
                new MelSet(set.Labels, set.Clips.Where(clip => blockOf[clip.Group] != fold).ToList()),
                new MelSet(set.Labels, set.Clips.Where(clip => blockOf[clip.Group] == fold).ToList())))
            .ToList();
    }

    // Clips of each label, and of all.
    private static double[] Counts(IEnumerable<MelClip> clips, int labels)
    {
        var counts = new double[labels + 1];
        foreach (var clip in clips)
        {
            counts[labels]++;
            foreach (var label in clip.Labels)
            {
                counts[label]++;
            }
        }

        return counts;
    }
}

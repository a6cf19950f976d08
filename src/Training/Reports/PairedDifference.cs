using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>A model against another on the same clips. Paired: what makes a clip hard is hard for both, so far smaller differences show than between two intervals.</summary>
/// <param name="Model">The model.</param>
/// <param name="Against">What it is held against.</param>
/// <param name="Clips">Clips that both heard.</param>
/// <param name="ClipAccuracy">Its clip accuracy less the other's.</param>
/// <param name="ClipAccuracyInterval">95 %, drawn over artists (clips, where artists are not known).</param>
/// <param name="MacroF1">Its macro F1 less the other's.</param>
/// <param name="MacroF1Interval">95 %, likewise.</param>
/// <param name="Gained">Clips that only it has right.</param>
/// <param name="Lost">Clips that only the other has right.</param>
/// <param name="PValue">McNemar's exact test of these two counts; see <see cref="McNemar.PValue"/>.</param>
internal sealed record PairedDifference(
    string Model,
    string Against,
    int Clips,
    double ClipAccuracy,
    Interval? ClipAccuracyInterval,
    double MacroF1,
    Interval? MacroF1Interval,
    int Gained,
    int Lost,
    double PValue)
{
    /// <summary>Compares two models over the labels that both were compared over.</summary>
    /// <exception cref="TrainingException">They heard no clip in common.</exception>
    public static PairedDifference Of((ModelReport Report, ScoredSet Scored, double Temperature) first, (ModelReport Report, ScoredSet Scored, double Temperature) second)
    {
        var (one, other) = (OfClips(first.Scored, first.Temperature), OfClips(second.Scored, second.Temperature));
        var places = Keys(second.Scored).Select((key, place) => (key, place)).ToDictionary(pair => pair.key, pair => pair.place);
        var pairs = Keys(first.Scored).Select((key, place) => (First: place, Second: places.TryGetValue(key, out var found) ? found : -1)).Where(pair => pair.Second >= 0).ToList();
        if (pairs.Count == 0)
        {
            throw new TrainingException($"{second.Report.Subject} and {first.Report.Subject} heard no clip in common");
        }

        var (a, b) = (one.Pick([.. pairs.Select(pair => pair.First)]), other.Pick([.. pairs.Select(pair => pair.Second)]));
        var differences = Bootstrap.By(pairs.Select(pair => first.Scored.Clips[pair.First].Clip.Group)).Intervals(items => Difference(a.Pick(items), b.Pick(items)));
        var whole = Difference(a, b);
        var test = McNemar.Of(Right(b), Right(a));
        return new PairedDifference(
            second.Report.Subject, first.Report.Subject, pairs.Count, whole[0]!.Value, differences[0], whole[1]!.Value, differences[1], test.FirstOnly, test.SecondOnly, test.PValue);
    }

    private static Predictions OfClips(ScoredSet scored, double temperature) => Predictions.OfClips(scored, temperature, scored.SetLabels);

    // Ids may repeat between parts: each is numbered.
    private static IEnumerable<(string, int)> Keys(ScoredSet scored)
    {
        var seen = new Dictionary<string, int>();
        foreach (var clip in scored.Clips)
        {
            seen[clip.Clip.Id] = seen.GetValueOrDefault(clip.Clip.Id) + 1;
            yield return (clip.Clip.Id, seen[clip.Clip.Id]);
        }
    }

    private static double?[] Difference(Predictions a, Predictions b)
    {
        var (first, second) = (ConfusionMatrix.Of(a), ConfusionMatrix.Of(b));
        return [second.Accuracy - first.Accuracy, second.Macro.F1 - first.Macro.F1];
    }

    private static List<bool> Right(Predictions items) => [.. Enumerable.Range(0, items.Truth.Count).Select(item => items.Top(item) == items.Truth[item])];
}

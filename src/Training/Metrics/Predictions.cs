using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Metrics;

/// <summary>Scores of some items (windows, clips or tracks) over some labels, and what is true of them: what every measure is taken from.</summary>
/// <param name="Labels">The labels compared.</param>
/// <param name="Scores">A row of scores an item, in the order of <paramref name="Labels"/>; higher is likelier. Not made to sum to one where the model
/// knows further labels: they are the probabilities that the server would give.</param>
/// <param name="Truth">Each item's label (of several its main one), an index into <paramref name="Labels"/>.</param>
internal sealed record Predictions(IReadOnlyList<string> Labels, IReadOnlyList<double[]> Scores, IReadOnlyList<int> Truth)
{
    /// <summary>Of independent probabilities, each a statement of its own: which labels every item has, in the order of <see cref="Scores"/>; null where a row is one distribution.</summary>
    public IReadOnlyList<bool[]>? Relevant { get; init; }

    /// <summary>One item a window.</summary>
    public static Predictions OfWindows(ScoredSet scored, double temperature, IReadOnlyList<int> among) => Of(
        scored, among, scored.Clips.SelectMany(clip => scored.Rows(clip, temperature).Select(row => (clip, row))));

    /// <summary>One item a clip: the mean probabilities of its windows.</summary>
    public static Predictions OfClips(ScoredSet scored, double temperature, IReadOnlyList<int> among) => Of(
        scored, among, scored.Clips.Select(clip => (clip, Probabilities.Mean(scored.Rows(clip, temperature)))));

    /// <summary>One item a track: the mean probabilities of the windows of all clips cut from it (<see cref="MelClip.Track"/>).</summary>
    public static Predictions OfTracks(ScoredSet scored, double temperature, IReadOnlyList<int> among) => Of(
        scored,
        among,
        scored.Clips.GroupBy(clip => (clip.Label, clip.Clip.Track)).Select(track => (
            track.First(), Probabilities.Mean(track.SelectMany(clip => scored.Rows(clip, temperature)).ToList()))));

    /// <summary>Some of the items, in the order given and as often as given: what a bootstrap draws.</summary>
    public Predictions Pick(IReadOnlyList<int> items) => new(Labels, [.. items.Select(item => Scores[item])], [.. items.Select(item => Truth[item])])
    {
        Relevant = Relevant is { } relevant ? [.. items.Select(item => relevant[item])] : null,
    };

    /// <summary>
    /// What the probabilities state and whether it is so: of a distribution that the item is its likeliest label, of independent probabilities of every
    /// label that the item has it.
    /// </summary>
    public IEnumerable<(double Probability, bool IsSo)> Statements() => Relevant is { } relevant
        ? Scores.Zip(relevant).SelectMany(item => item.First.Zip(item.Second))
        : Enumerable.Range(0, Truth.Count).Select(item => (Scores[item][Top(item)], Top(item) == Truth[item]));

    /// <summary>Index of an item's highest score; the first of equals.</summary>
    public int Top(int item) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(Scores[item]);

    /// <summary>Share of the items whose label is among the <paramref name="k"/> highest scores, 0..1; labels of equal score count in the order of the labels.</summary>
    public double TopAccuracy(int k)
    {
        var right = 0;
        for (var item = 0; item < Truth.Count; item++)
        {
            var (row, truth) = (Scores[item], Truth[item]);
            var above = Enumerable.Range(0, row.Length).Count(label => row[label] > row[truth] || (row[label] == row[truth] && label < truth));
            right += above < k ? 1 : 0;
        }

        return (double)right / Truth.Count;
    }

    /// <summary>One label against the rest: how its scores rank the items.</summary>
    public BinaryRanking Ranking(int label) =>
        BinaryRanking.Of([.. Scores.Select(row => row[label])], [.. Truth.Select(truth => truth == label)]);

    /// <summary>All pairs of an item and a label in one ranking: the micro average, where every decision weighs the same.</summary>
    public BinaryRanking MicroRanking() => BinaryRanking.Of(
        [.. Scores.SelectMany(row => row)], [.. Truth.SelectMany(truth => Enumerable.Range(0, Labels.Count).Select(label => label == truth))]);

    /// <summary>The mean of a measure over the labels for which it is defined (macro average); null where it is for none.</summary>
    public double? Macro(Func<BinaryRanking, double?> measure) =>
        Enumerable.Range(0, Labels.Count).Select(label => measure(Ranking(label))).Average();

    private static Predictions Of(ScoredSet scored, IReadOnlyList<int> among, IEnumerable<(ClipLogits Clip, double[] Row)> items)
    {
        var places = among.Select((label, place) => (label, place)).ToDictionary(pair => pair.label, pair => pair.place);
        var rows = items.ToList();
        return new Predictions(
            [.. among.Select(label => scored.Labels[label])],
            [.. rows.Select(item => among.Select(label => item.Row[label]).ToArray())],
            [.. rows.Select(item => places[item.Clip.Label])])
        {
            Relevant = scored.Kind == ScoreKind.IndependentProbabilities
                ? [.. rows.Select(item => among.Select(item.Clip.Labels.Contains).ToArray())]
                : null,
        };
    }
}

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Metrics;

/// <summary>
/// A set's clips as a model heard them: all whole windows, one a second or as asked, cut into patches, floored and normalised as the server does. A clip
/// shorter than a window is heard as the server hears a stream that short: its frames in turn until one is full.
/// </summary>
internal sealed class ScoredSet
{
    // Large enough to keep every core busy, small enough that activations stay in the cache.
    private const int BatchWindows = 32;

    private ScoredSet(
        IReadOnlyList<string> labels, IReadOnlyList<int> setLabels, IReadOnlyList<ClipLogits> clips, int tooShort, TimeSpan hop, TimeSpan length, ScoreKind kind)
    {
        (Labels, SetLabels, Clips, TooShort, WindowHop, WindowLength, Kind) = (labels, setLabels, clips, tooShort, hop, length, kind);
    }

    /// <summary>The model's labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Those of the model's labels that the set knows, as indices, ascending.</summary>
    public IReadOnlyList<int> SetLabels { get; }

    /// <summary>The clips that hold at least one window.</summary>
    public IReadOnlyList<ClipLogits> Clips { get; }

    /// <summary>Clips left out because they are shorter than the server would answer, half a second.</summary>
    public int TooShort { get; }

    /// <summary>Audio time from one window to the next.</summary>
    public TimeSpan WindowHop { get; }

    /// <summary>Audio time under one window.</summary>
    public TimeSpan WindowLength { get; }

    /// <summary>What the model gives.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Frames from one window to the next: the whole number of frames nearest to the hop.</summary>
    /// <param name="contract">Whose frames.</param>
    /// <param name="seconds">The hop.</param>
    public static int HopFrames(ModelContract contract, double seconds = 1) =>
        Math.Max(1, (int)Math.Round(seconds * contract.Mel.SampleRateHz / contract.Mel.HopSamples));

    /// <summary>One set of several that the same labels were told apart on, such as the folds of a cross-validation.</summary>
    public static ScoredSet Union(IReadOnlyList<ScoredSet> sets) => sets.All(set => set.Labels.SequenceEqual(sets[0].Labels))
        ? new ScoredSet(
            sets[0].Labels,
            sets.SelectMany(set => set.SetLabels).Distinct().Order().ToList(),
            sets.SelectMany(set => set.Clips).ToList(),
            sets.Sum(set => set.TooShort),
            sets[0].WindowHop,
            sets[0].WindowLength,
            sets[0].Kind)
        : throw new ArgumentException("The sets were scored over different labels.", nameof(sets));

    /// <summary>Runs a model over a set.</summary>
    /// <param name="set">The clips.</param>
    /// <param name="contract">The model's contract.</param>
    /// <param name="logits">From [batch, mels, frames] (or frames, mels, as the contract lays out) to logits [batch, labels].</param>
    /// <param name="hopSeconds">Audio time from window to window.</param>
    /// <exception cref="TrainingException">The set knows a label that the model doesn't.</exception>
    public static ScoredSet Score(MelSet set, ModelContract contract, Func<ReadOnlyMemory<float>, float[]> logits, double hopSeconds = 1)
    {
        var labels = contract.Labels.ToList();
        if (set.Labels.Where(label => !labels.Contains(label)).ToList() is { Count: > 0 } unknown)
        {
            throw new TrainingException($"the model doesn't know {string.Join(", ", unknown)}; it tells {string.Join(", ", labels)} apart");
        }

        var hop = HopFrames(contract, hopSeconds);
        var clips = new List<ClipLogits>();
        foreach (var clip in set.FilledFor(contract).Clips)
        {
            var starts = Starts(clip, contract.WindowFrames, hop);
            if (starts.Count > 0)
            {
                var rows = Score(clip, starts, contract, logits);
                clips.Add(new ClipLogits(clip, labels.IndexOf(set.Labels[clip.Label]), starts.Count, rows)
                {
                    Labels = [.. clip.Labels.Select(label => labels.IndexOf(set.Labels[label]))],
                    Patches = contract.PatchCount,
                });
            }
        }

        return new ScoredSet(
            labels,
            set.Labels.Select(label => labels.IndexOf(label)).Order().ToList(),
            clips,
            set.Clips.Count - clips.Count,
            TimeSpan.FromSeconds((double)hop * contract.Mel.HopSamples / contract.Mel.SampleRateHz),
            TimeSpan.FromSeconds(contract.WindowSeconds),
            contract.ScoreKind);
    }

    /// <summary>Probabilities of a clip's windows over the model's labels, one row a window, as the server gives them: the mean over its patches.</summary>
    /// <param name="clip">One of the set's.</param>
    /// <param name="temperature">What logits are divided by before the softmax; probabilities are taken as they are.</param>
    public IReadOnlyList<double[]> Rows(ClipLogits clip, double temperature) => Enumerable.Range(0, clip.Windows * clip.Patches)
        .Select(patch => clip.Logits.AsMemory(patch * Labels.Count, Labels.Count))
        .Select(row => Kind == ScoreKind.Logits ? Probabilities.Softmax(row.Span, temperature) : Array.ConvertAll(row.ToArray(), score => (double)score))
        .Chunk(clip.Patches)
        .Select(patches => patches.Length == 1 ? patches[0] : Probabilities.Mean(patches))
        .ToList();

    /// <summary>
    /// First frames of a clip's windows. Where windows don't overlap, a rest of at least half a window gets one too, which ends with the clip: a file of
    /// 50 s cut into clips of 30 s is heard to its end.
    /// </summary>
    private static List<int> Starts(MelClip clip, int windowFrames, int hop)
    {
        var starts = Enumerable.Range(0, clip.WindowCount(windowFrames, hop)).Select(i => i * hop).ToList();
        if (starts.Count > 0 && hop >= windowFrames && 2 * (clip.Frames - starts[^1] - windowFrames) >= windowFrames)
        {
            starts.Add(clip.Frames - windowFrames);
        }

        return starts;
    }

    private static float[] Score(MelClip clip, List<int> starts, ModelContract contract, Func<ReadOnlyMemory<float>, float[]> logits)
    {
        var windowCells = contract.PatchCount * clip.MelBins * contract.PatchFrames;
        var x = new float[Math.Min(BatchWindows, starts.Count) * windowCells];
        var result = new List<float>(starts.Count * contract.PatchCount * contract.Labels.Count);
        for (var first = 0; first < starts.Count; first += BatchWindows)
        {
            var count = Math.Min(BatchWindows, starts.Count - first);
            for (var i = 0; i < count; i++)
            {
                WindowPatches.Fill(clip, starts[first + i], contract, x.AsSpan(i * windowCells, windowCells));
            }

            result.AddRange(logits(x.AsMemory(0, count * windowCells)));
        }

        return [.. result];
    }
}

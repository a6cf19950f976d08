using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Metrics;

/// <summary>A set's clips as a model heard them: all whole windows, one a second, floored and normalised as the server does.</summary>
internal sealed class ScoredSet
{
    // Large enough to keep every core busy, small enough that activations stay in the cache.
    private const int BatchWindows = 32;

    private ScoredSet(IReadOnlyList<string> labels, IReadOnlyList<int> setLabels, IReadOnlyList<ClipLogits> clips, int tooShort, TimeSpan hop)
    {
        (Labels, SetLabels, Clips, TooShort, WindowHop) = (labels, setLabels, clips, tooShort, hop);
    }

    /// <summary>The model's labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Those of the model's labels that the set knows, as indices, ascending.</summary>
    public IReadOnlyList<int> SetLabels { get; }

    /// <summary>The clips that hold at least one window.</summary>
    public IReadOnlyList<ClipLogits> Clips { get; }

    /// <summary>Clips left out because they are shorter than a window.</summary>
    public int TooShort { get; }

    /// <summary>Audio time from one window to the next.</summary>
    public TimeSpan WindowHop { get; }

    /// <summary>Frames from one window to the next: the whole number of frames nearest to one second.</summary>
    public static int HopFrames(ModelContract contract) =>
        Math.Max(1, (int)Math.Round((double)contract.Mel.SampleRateHz / contract.Mel.HopSamples));

    /// <summary>Runs a model over a set.</summary>
    /// <param name="set">The clips.</param>
    /// <param name="contract">The model's contract; one patch a window, mel-major.</param>
    /// <param name="logits">From [batch, mels, frames] to logits [batch, labels].</param>
    /// <exception cref="TrainingException">The set knows a label that the model doesn't, or the contract's windows can't be cut from mel clips.</exception>
    public static ScoredSet Score(MelSet set, ModelContract contract, Func<ReadOnlyMemory<float>, float[]> logits)
    {
        var labels = contract.Labels.ToList();
        if (set.Labels.Where(label => !labels.Contains(label)).ToList() is { Count: > 0 } unknown)
        {
            throw new TrainingException($"the model doesn't know {string.Join(", ", unknown)}; it tells {string.Join(", ", labels)} apart");
        }

        if (contract.PatchCount != 1 || contract.Layout != WindowLayout.MelMajor)
        {
            throw new TrainingException($"the model '{contract.Name}' cuts windows into {contract.PatchCount} patches ({contract.Layout}); one, mel-major, is evaluated here");
        }

        var hop = HopFrames(contract);
        var clips = new List<ClipLogits>();
        foreach (var clip in set.Clips)
        {
            var windows = clip.WindowCount(contract.PatchFrames, hop);
            if (windows > 0)
            {
                clips.Add(new ClipLogits(clip, labels.IndexOf(set.Labels[clip.Label]), windows, Score(clip, windows, hop, contract, logits)));
            }
        }

        return new ScoredSet(
            labels,
            set.Labels.Select(label => labels.IndexOf(label)).Order().ToList(),
            clips,
            set.Clips.Count - clips.Count,
            TimeSpan.FromSeconds((double)hop * contract.Mel.HopSamples / contract.Mel.SampleRateHz));
    }

    private static float[] Score(MelClip clip, int windows, int hop, ModelContract contract, Func<ReadOnlyMemory<float>, float[]> logits)
    {
        var cells = clip.MelBins * contract.PatchFrames;
        var x = new float[Math.Min(BatchWindows, windows) * cells];
        var result = new List<float>(windows * contract.Labels.Count);
        for (var first = 0; first < windows; first += BatchWindows)
        {
            var count = Math.Min(BatchWindows, windows - first);
            for (var i = 0; i < count; i++)
            {
                var window = x.AsSpan(i * cells, cells);
                clip.CopyWindow((first + i) * hop, contract.PatchFrames, window);
                WindowNormalizer.Apply(window, contract.FloorBelowMax, contract.Normalization);
            }

            result.AddRange(logits(x.AsMemory(0, count * cells)));
        }

        return [.. result];
    }
}

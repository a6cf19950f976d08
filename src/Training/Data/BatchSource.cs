using StreamGenre.Stages.Contract;
using StreamGenre.Training.Distillation;

namespace StreamGenre.Training.Data;

/// <summary>
/// Training batches by number: a random label, a random clip of the label, a random window of the clip, varied, then mixed in pairs. A batch depends on
/// the seed and its number alone, so a run can be taken up at any step. Immutable.
/// </summary>
internal sealed class BatchSource
{
    // Keeps these draws apart from others that mix the same seed and step, such as dropout's.
    private const int Purpose = 0x62_61_74_63;

    private readonly MelClip[][] _clips;
    private readonly double[] _chances;
    private readonly MelClip[] _unlabelled;
    private readonly WindowAugmentation _augmentation;
    private readonly BatchOptions _options;
    private readonly int _frames;
    private readonly int _cells;
    private readonly int _labels;
    private readonly FeatureTargets? _features;

    /// <summary>Batches of a set.</summary>
    /// <param name="set">Where the clips come from; those shorter than a window are left out.</param>
    /// <param name="contract">The front end and size of the windows.</param>
    /// <param name="options">How windows are drawn.</param>
    /// <param name="unlabelled">Clips whose labels are not looked at: their targets are zero, and only a teacher's answer is learnt.</param>
    /// <param name="features">What a teacher hears in every clip, where features are learnt.</param>
    /// <exception cref="TrainingException">A label, or the unlabelled part, has no clip of at least a window's length.</exception>
    public BatchSource(MelSet set, ModelContract contract, BatchOptions options, MelSet? unlabelled = null, FeatureTargets? features = null)
    {
        int? hop = options.WindowHopSeconds is { } seconds ? Math.Max(1, (int)Math.Round(seconds * contract.Mel.SampleRateHz / contract.Mel.HopSamples)) : null;
        _augmentation = new WindowAugmentation(options.Augmentation, contract, hop);
        _options = options;
        _features = features;
        _frames = contract.PatchFrames;
        _cells = contract.Mel.Rows * _frames;
        _labels = set.Labels.Count;
        _clips = Enumerable.Range(0, _labels)
            .Select(label => set.Clips.Where(clip => (options.IsMultiLabel ? clip.Labels.Contains(label) : clip.Label == label) && clip.Frames >= _frames).ToArray())
            .ToArray();
        _unlabelled = unlabelled?.Clips.Where(clip => clip.Frames >= _frames).ToArray() ?? [];
        for (var label = 0; label < _labels; label++)
        {
            if (_clips[label].Length == 0)
            {
                throw new TrainingException(
                    $"the training side has no clip of '{set.Labels[label]}' that fills a window ({_frames} frames); add some, hold back fewer, or leave the genre out (--without {set.Labels[label]})");
            }
        }

        if (unlabelled is not null && _unlabelled.Length == 0)
        {
            throw new TrainingException($"no clip of the unlabelled part is as long as a window ({_frames} frames)");
        }

        var weights = _clips.Select(clips => Math.Pow(clips.Length, 1 - options.Balance)).ToArray();
        _chances = weights.Select((_, label) => weights.Take(label + 1).Sum() / weights.Sum()).ToArray();
        _chances[^1] = 1;
    }

    /// <summary>Fills one batch.</summary>
    /// <param name="step">The batch's number, 0 and up.</param>
    /// <param name="x">[batch, mels, frames], normalised.</param>
    /// <param name="targets">[batch, labels], each row a distribution, or each cell a yes (1) or no (0); smoothed. Zeros where the clip has no label.</param>
    /// <param name="features">[batch, features], what the teacher hears in the windows; empty where none are learnt.</param>
    public void Fill(int step, Span<float> x, Span<float> targets, Span<float> features = default)
    {
        var batch = x.Length / _cells;
        var unlabelled = _unlabelled.Length > 0 ? (int)Math.Round(_options.UnlabelledShare * batch) : 0;
        targets.Clear();
        for (var i = 0; i < batch; i++)
        {
            var random = new Random(Seeds.Mix(_options.Seed ^ Purpose, step, i));
            var clip = i < batch - unlabelled
                ? Labelled(random, targets.Slice(i * _labels, _labels))
                : _unlabelled[random.Next(_unlabelled.Length)];
            var middle = _augmentation.Draw(clip, DrawClip, random, x.Slice(i * _cells, _cells));
            _features?.At(clip, middle, features.Slice(i * _features.Count, _features.Count));
        }

        if (_options.Augmentation.MixupAlpha > 0)
        {
            Mix(x, targets, features, batch, new Random(Seeds.Mix(_options.Seed ^ Purpose, step, batch)));
        }
    }

    private MelClip Labelled(Random random, Span<float> target)
    {
        var clip = DrawClip(random);
        target.Fill((float)(_options.LabelSmoothing / (_options.IsMultiLabel ? 2 : _labels)));
        foreach (var label in _options.IsMultiLabel ? clip.Labels : [clip.Label])
        {
            target[label] += (float)(1 - _options.LabelSmoothing);
        }

        return clip;
    }

    private MelClip DrawClip(Random random)
    {
        var draw = random.NextDouble();
        var clips = _clips[Array.FindIndex(_chances, chance => draw < chance)];
        return clips[random.Next(clips.Length)];
    }

    private void Mix(Span<float> x, Span<float> targets, Span<float> features, int batch, Random random)
    {
        var (windows, labels, heard) = (x.ToArray(), targets.ToArray(), features.ToArray());
        var count = features.Length / batch;
        var partners = Enumerable.Range(0, batch).ToArray();
        random.Shuffle(partners);
        for (var i = 0; i < batch; i++)
        {
            var share = (float)random.SymmetricBeta(_options.Augmentation.MixupAlpha);
            Blend(x.Slice(i * _cells, _cells), windows.AsSpan(partners[i] * _cells, _cells), share);
            Blend(targets.Slice(i * _labels, _labels), labels.AsSpan(partners[i] * _labels, _labels), share);
            Blend(features.Slice(i * count, count), heard.AsSpan(partners[i] * count, count), share);
        }
    }

    private static void Blend(Span<float> own, ReadOnlySpan<float> other, float share)
    {
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = (share * own[i]) + ((1 - share) * other[i]);
        }
    }
}

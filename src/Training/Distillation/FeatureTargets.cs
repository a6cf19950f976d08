using System.Numerics.Tensors;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Distillation;

/// <summary>
/// What a teacher hears in every recording, about once a second, standardised over all. The teacher hears recordings as they are, however the
/// student's windows are varied: so the student learns to hear the same through the variation. Immutable.
/// </summary>
internal sealed class FeatureTargets
{
    private const int BatchWindows = 32;
    private const double DeviationShare = 0.1;

    private readonly Dictionary<MelClip, Half[]> _features = [];
    private readonly int _hop;
    private readonly int _frames;
    private readonly float[] _mean;
    private readonly float[] _scale;

    private FeatureTargets(IReadOnlyList<MelClip> clips, FeatureTeacher teacher, Action<string>? report)
    {
        var contract = teacher.Contract;
        Count = teacher.Count;
        _frames = contract.PatchFrames;
        _hop = Math.Max(1, (int)Math.Round((double)contract.Mel.SampleRateHz / contract.Mel.HopSamples));
        var before = teacher.Heard;
        foreach (var clip in clips.Where(clip => clip.Frames >= _frames))
        {
            _features.Add(clip, Hear(clip, contract, teacher));
        }

        var windows = _features.Values.Sum(features => features.Length / Count);
        var heard = teacher.Heard - before;
        report?.Invoke($"the teacher's features of {clips.Count} recordings: {windows} windows ({heard} heard, {windows - heard} from the cache)");
        (_mean, _scale) = Statistics();
    }

    /// <summary>Features of a window.</summary>
    public int Count { get; }

    /// <summary>Has a teacher hear recordings.</summary>
    /// <param name="clips">The recordings; those shorter than a window are left out.</param>
    /// <param name="teacher">Who hears.</param>
    /// <param name="report">Told how many windows were heard.</param>
    public static FeatureTargets Of(IReadOnlyList<MelClip> clips, FeatureTeacher teacher, Action<string>? report) => new(clips, teacher, report);

    /// <summary>The features of the window that lies nearest.</summary>
    /// <param name="clip">One of the recordings.</param>
    /// <param name="middle">Middle of the window, in frames from the clip's beginning.</param>
    /// <param name="target">[features], standardised.</param>
    public void At(MelClip clip, double middle, Span<float> target)
    {
        var features = _features[clip];
        var window = Math.Clamp((int)Math.Round((middle - (_frames / 2.0)) / _hop), 0, (features.Length / Count) - 1);
        TensorPrimitives.ConvertToSingle(features.AsSpan(window * Count, Count), target);
        TensorPrimitives.Subtract(target, _mean, target);
        TensorPrimitives.Multiply(target, _scale, target);
    }

    private Half[] Hear(MelClip clip, ModelContract contract, FeatureTeacher teacher)
    {
        var cells = contract.Mel.Rows * _frames;
        var features = new Half[clip.WindowCount(_frames, _hop) * Count];
        for (var first = 0; first < features.Length / Count; first += BatchWindows)
        {
            var windows = new float[Math.Min(BatchWindows, (features.Length / Count) - first) * cells];
            for (var i = 0; i < windows.Length / cells; i++)
            {
                var window = windows.AsSpan(i * cells, cells);
                clip.CopyWindow((first + i) * _hop, _frames, window);
                WindowNormalizer.Apply(window, contract);
            }

            TensorPrimitives.ConvertToHalf(teacher.Features(windows), features.AsSpan(first * Count));
        }

        return features;
    }

    private (float[] Mean, float[] Scale) Statistics()
    {
        var (sums, squares) = (new double[Count], new double[Count]);
        var windows = 0;
        foreach (var features in _features.Values)
        {
            for (var i = 0; i < features.Length; i++)
            {
                var value = (double)features[i];
                sums[i % Count] += value;
                squares[i % Count] += value * value;
            }

            windows += features.Length / Count;
        }

        var means = Array.ConvertAll(sums, sum => sum / windows);
        var scale = FeatureScale.Of([.. squares.Zip(means, (square, mean) => (square / windows) - (mean * mean))], DeviationShare);
        return (Array.ConvertAll(means, mean => (float)mean), Array.ConvertAll(scale, value => (float)(1 / value)));
    }
}

using System.Numerics.Tensors;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Distillation;

/// <summary>
/// Recordings that nobody played: two of a set sounding at once, each behind an equaliser of its own. A teacher says what is to be heard in them as well as in
/// real ones, so a student can be asked about far more sounds than there are recordings (function matching, Beyer et al. 2022, arXiv:2106.05237).
/// </summary>
internal static class MixedRecordings
{
    // About half a minute of the default front end: long enough for many windows, and many recordings are no longer.
    private const int MostFrames = 390;

    // How far the loudest cell of the second lies below that of the first.
    private const double SecondDecibels = 15;

    private static readonly AugmentationOptions Filters = new() { EqualizerProbability = 0.7, LowPassProbability = 0.2, HighPassProbability = 0.1 };

    /// <summary>Mixes recordings.</summary>
    /// <param name="set">What is mixed; every pair is as likely. Its genres say nothing of a mixture: the clips are for learning features alone.</param>
    /// <param name="mel">The front end of the set.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Draws them.</param>
    public static MelSet Of(MelSet set, MelOptions mel, int count, int seed)
    {
        var (filter, scale) = (new RandomFilter(Filters, mel), new LogScale(mel));
        return new MelSet(set.Labels, Enumerable.Range(0, count).Select(i =>
        {
            var random = new Random(Seeds.Mix(seed, i, 0));
            var (first, second) = (set.Clips[random.Next(set.Clips.Count)], set.Clips[random.Next(set.Clips.Count)]);
            var frames = Math.Min(MostFrames, Math.Min(first.Frames, second.Frames));
            var (cells, others) = (Filtered(first, frames, filter, scale, random), Filtered(second, frames, filter, scale, random));
            var gain = Math.Pow(10, (TensorPrimitives.Max<float>(cells) - TensorPrimitives.Max<float>(others)) / (10 * scale.PerDecibel));
            gain *= Math.Pow(10, -random.Uniform(0, SecondDecibels) / 10);
            scale.Add(cells, others, gain);
            return new MelClip($"mixture {i + 1}", 0, $"mixture {i + 1}", first.MelBins, frames, cells);
        }).ToList());
    }

    private static float[] Filtered(MelClip clip, int frames, RandomFilter filter, LogScale scale, Random random)
    {
        var cells = new float[clip.MelBins * frames];
        clip.CopyWindow(random.Next(clip.Frames - frames + 1), frames, cells);
        var gains = new double[clip.MelBins];
        filter.Draw(gains, random);
        for (var row = 0; row < gains.Length; row++)
        {
            var cell = cells.AsSpan(row * frames, frames);
            TensorPrimitives.Add(cell, (float)(gains[row] * scale.PerDecibel), cell);
        }

        return cells;
    }
}

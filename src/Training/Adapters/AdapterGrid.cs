using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// Where the frames that a backbone wants lie among the frames of a window of ours: whole pictures side by side, in the middle of the window.
/// </summary>
internal sealed class AdapterGrid
{
    private readonly MelOptions _own;
    private readonly MelOptions _wanted;
    private readonly int _ownFrames;
    private readonly double _firstSeconds;

    /// <summary>A grid.</summary>
    /// <param name="window">What a window of ours is.</param>
    /// <param name="wanted">The backbone's front end.</param>
    /// <param name="pictureFrames">Frames of one of its pictures.</param>
    /// <exception cref="TrainingException">A window is shorter than a picture.</exception>
    public AdapterGrid(ModelContract window, MelOptions wanted, int pictureFrames)
    {
        (_own, _wanted, _ownFrames) = (window.Mel, wanted, window.PatchFrames);
        var seconds = (_ownFrames - 1) * _own.HopSamples / (double)_own.SampleRateHz;
        var hop = wanted.HopSamples / (double)wanted.SampleRateHz;
        Pictures = (int)(seconds / hop) / pictureFrames;
        if (Pictures == 0)
        {
            throw new TrainingException(FormattableString.Invariant(
                $"a window of {_ownFrames} frames spans {seconds:F2} s and holds no picture of {pictureFrames} frames, {pictureFrames * hop:F2} s"));
        }

        PictureFrames = pictureFrames;
        _firstSeconds = (seconds - ((Frames - 1) * hop)) / 2;
    }

    /// <summary>Pictures of a window.</summary>
    public int Pictures { get; }

    /// <summary>Frames of a picture.</summary>
    public int PictureFrames { get; }

    /// <summary>Frames of all pictures of a window.</summary>
    public int Frames => Pictures * PictureFrames;

    /// <summary>When the centre of a frame sounds, in seconds from the beginning of the stream.</summary>
    public static double Centre(MelOptions mel, int frame) =>
        ((frame * (double)mel.HopSamples) + (mel.Centered ? 0 : mel.FrameSamples / 2.0)) / mel.SampleRateHz;

    /// <summary>The first of the backbone's frames for a window whose first frame is centred at <paramref name="seconds"/>: the nearest one.</summary>
    public int FirstFrame(double seconds) =>
        (int)Math.Round((seconds + _firstSeconds - Centre(_wanted, 0)) * _wanted.SampleRateHz / _wanted.HopSamples);

    /// <summary>Linear interpolation over time, [own frames, <see cref="Frames"/>]: each column sums to 1.</summary>
    public float[] Interpolation()
    {
        var matrix = new float[_ownFrames * Frames];
        for (var frame = 0; frame < Frames; frame++)
        {
            var at = (_firstSeconds + (frame * _wanted.HopSamples / (double)_wanted.SampleRateHz)) * _own.SampleRateHz / _own.HopSamples;
            var before = Math.Clamp((int)at, 0, _ownFrames - 2);
            matrix[(before * Frames) + frame] = (float)(1 - (at - before));
            matrix[((before + 1) * Frames) + frame] = (float)(at - before);
        }

        return matrix;
    }
}

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Adapters;

/// <summary>The same recordings through both front ends. Draws pairs of a window of ours and the pictures that the backbone would have been fed.</summary>
/// <param name="own">Recordings in our front end, at <see cref="Steps"/> times its rate of frames, so that windows begin anywhere between its frames.</param>
/// <param name="wanted">The same recordings, in the same order, in the backbone's front end.</param>
/// <param name="window">What a window of ours is.</param>
/// <param name="grid">Where the backbone's frames lie in it.</param>
internal sealed class AdapterPairs(IReadOnlyList<MelClip> own, IReadOnlyList<MelClip> wanted, ModelContract window, AdapterGrid grid)
{
    /// <summary>Places between two frames of ours at which windows begin.</summary>
    public const int Steps = 4;

    // Windows of ours are standardised and know nothing of loudness, so pictures are brought to that of music at full scale: ln(|X| + 0.001) peaks about here.
    private const double Peak = 4;

    private readonly int _span = ((window.PatchFrames - 1) * Steps) + 1;

    /// <summary>Our front end at <see cref="Steps"/> times the rate of frames.</summary>
    public static MelOptions Fine(MelOptions mel) => mel with { HopSamples = mel.HopSamples / Steps };

    /// <summary>Draws pairs of random places in random recordings.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="x">[batch, 1, mels, frames], normalised.</param>
    /// <param name="pictures">[batch, bands, grid frames].</param>
    public void Fill(Random random, Span<float> x, Span<float> pictures)
    {
        var cells = window.Mel.Rows * window.PatchFrames;
        var pictureCells = YamnetFrontEnd.Mel.MelBins * grid.Frames;
        for (var i = 0; i < x.Length / cells; i++)
        {
            var clip = random.Next(own.Count);
            var first = random.Next(Math.Max(1, own[clip].Frames - _span - (2 * Steps)));
            Window(own[clip], first, x.Slice(i * cells, cells));
            Pictures(wanted[clip], grid.FirstFrame(AdapterGrid.Centre(Fine(window.Mel), first)), pictures.Slice(i * pictureCells, pictureCells));
        }
    }

    private void Window(MelClip clip, int first, Span<float> x)
    {
        var fine = new float[window.Mel.Rows * _span];
        clip.CopyWindow(first, _span, fine);
        for (var row = 0; row < window.Mel.Rows; row++)
        {
            for (var frame = 0; frame < window.PatchFrames; frame++)
            {
                x[(row * window.PatchFrames) + frame] = fine[(row * _span) + (frame * Steps)];
            }
        }

        WindowNormalizer.Apply(x, window);
    }

    private void Pictures(MelClip clip, int first, Span<float> pictures)
    {
        clip.CopyWindow(Math.Clamp(first, 0, clip.Frames - grid.Frames), grid.Frames, pictures);
        var offset = YamnetFrontEnd.Mel.LogOffset;
        var highest = System.Numerics.Tensors.TensorPrimitives.Max<float>(pictures);
        var gain = Math.Exp(Peak - highest);
        foreach (ref var cell in pictures)
        {
            cell = (float)Math.Log((Math.Max(0, Math.Exp(cell) - offset) * gain) + offset);
        }
    }
}

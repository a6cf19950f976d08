using System.Runtime.InteropServices;

using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// The same recordings through both front ends. Draws pairs of a window of ours and the pictures that the backbone would have been fed, as they are or
/// varied: another recording or hiss under it, coloured, its quiet cells lost (stored mels often reach less far down).
/// </summary>
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

    private const double MixProbability = 0.3;
    private const double HissProbability = 0.25;
    private const double FloorProbability = 0.5;
    private const int HissSeconds = 20;

    private readonly PairVariation _variation = new(window.Mel);

    // Pairs that are measured on are never varied and need none.
    private readonly Lazy<(MelClip Own, MelClip Wanted)> _hiss = new(() => (Hiss(Fine(window.Mel)), Hiss(YamnetFrontEnd.Mel)));
    private readonly int _span = ((window.PatchFrames - 1) * Steps) + 1;

    /// <summary>Our front end at <see cref="Steps"/> times the rate of frames.</summary>
    public static MelOptions Fine(MelOptions mel) => mel with { HopSamples = mel.HopSamples / Steps };

    /// <summary>Draws pairs of random places in random recordings.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="x">[batch, 1, mels, frames], normalised.</param>
    /// <param name="pictures">[batch, bands, grid frames].</param>
    /// <param name="varied">Whether the sounds are varied.</param>
    public void Fill(Random random, Span<float> x, Span<float> pictures, bool varied)
    {
        var cells = window.Mel.Rows * window.PatchFrames;
        var pictureCells = YamnetFrontEnd.Mel.MelBins * grid.Frames;
        for (var i = 0; i < x.Length / cells; i++)
        {
            Draw(random, x.Slice(i * cells, cells), pictures.Slice(i * pictureCells, pictureCells), varied);
        }
    }

    private void Draw(Random random, Span<float> x, Span<float> pictures, bool varied)
    {
        Cut(random, random.Next(own.Count), x, pictures);
        if (varied)
        {
            _variation.Filter(random, x, pictures);
            if (random.Chance(MixProbability))
            {
                var (otherX, otherPictures) = (new float[x.Length], new float[pictures.Length]);
                Cut(random, random.Next(own.Count), otherX, otherPictures);
                _variation.Add(x, otherX, pictures, otherPictures, random.Uniform(-20, 0));
            }

            if (random.Chance(HissProbability))
            {
                var (hissX, hissPictures) = (new float[x.Length], new float[pictures.Length]);
                Cut(random, _hiss.Value.Own, _hiss.Value.Wanted, hissX, hissPictures);
                _variation.Filter(random, hissX, hissPictures);
                _variation.Add(x, hissX, pictures, hissPictures, random.Uniform(-65, -20));
            }
        }

        WindowNormalizer.Apply(x, window);
        if (varied && random.Chance(FloorProbability))
        {
            WindowNormalizer.Apply(x, random.Uniform(50, 80), WindowNormalization.None);
        }

        ToPeak(pictures);
    }

    private void Cut(Random random, int clip, Span<float> x, Span<float> pictures) => Cut(random, own[clip], wanted[clip], x, pictures);

    private void Cut(Random random, MelClip ownClip, MelClip wantedClip, Span<float> x, Span<float> pictures)
    {
        var first = random.Next(Math.Max(1, ownClip.Frames - _span - (2 * Steps)));
        Window(ownClip, first, x);
        var firstPicture = grid.FirstFrame(AdapterGrid.Centre(Fine(window.Mel), first));
        wantedClip.CopyWindow(Math.Clamp(firstPicture, 0, wantedClip.Frames - grid.Frames), grid.Frames, pictures);
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
    }

    /// <summary>White noise through a front end, of the same power in a hertz in each.</summary>
    private static MelClip Hiss(MelOptions mel)
    {
        // Drawn at each front end's own rate, not resampled: of noise there is nothing to hear but its statistics.
        var random = new Random(HissSeconds);
        var samples = new float[HissSeconds * mel.SampleRateHz];
        foreach (ref var sample in samples.AsSpan())
        {
            sample = (float)(1e-3 * Math.Sqrt(mel.SampleRateHz) * random.Normal());
        }

        var frontEnd = new RecordingFrontEnd(new PcmFormat(PcmEncoding.F32Le, mel.SampleRateHz, 1), mel);
        frontEnd.Push(MemoryMarshal.AsBytes<float>(samples));
        var frames = frontEnd.Finish();
        var count = frames.Length / mel.Rows;
        var cells = new float[frames.Length];
        for (var at = 0; at < cells.Length; at++)
        {
            cells[at] = frames[(at % count * mel.Rows) + (at / count)];
        }

        return new MelClip("hiss", 0, "hiss", mel.Rows, count, cells);
    }

    private static void ToPeak(Span<float> pictures)
    {
        var offset = YamnetFrontEnd.Mel.LogOffset;
        var highest = System.Numerics.Tensors.TensorPrimitives.Max<float>(pictures);
        var gain = Math.Exp(Peak - highest);
        foreach (ref var cell in pictures)
        {
            cell = (float)Math.Log((Math.Max(0, Math.Exp(cell) - offset) * gain) + offset);
        }
    }
}

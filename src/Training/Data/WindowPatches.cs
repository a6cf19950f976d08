using System.Numerics.Tensors;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>A window of a recording as the server hands it to a model: cut into patches, floored, normalised and laid out as the contract says.</summary>
internal static class WindowPatches
{
    /// <summary>Fills a window.</summary>
    /// <param name="clip">The recording, through the contract's front end.</param>
    /// <param name="firstFrame">Where the window begins; it holds the contract's WindowFrames.</param>
    /// <param name="contract">What a window is.</param>
    /// <param name="patches">[patches, mels, frames], or frames, mels.</param>
    public static void Fill(MelClip clip, int firstFrame, ModelContract contract, Span<float> patches)
    {
        var cells = clip.MelBins * contract.PatchFrames;
        var floors = contract.FloorBelowMax is { } range ? Floors(clip, firstFrame, contract, range) : null;
        for (var patch = 0; patch < contract.PatchCount; patch++)
        {
            // The last patch ends with the window, as the server cuts.
            var first = firstFrame + contract.WindowFrames - contract.PatchFrames - ((contract.PatchCount - 1 - patch) * contract.PatchHopFrames);
            var target = patches.Slice(patch * cells, cells);
            clip.CopyWindow(first, contract.PatchFrames, target);
            foreach (var (index, block) in contract.Mel.Blocks().Index())
            {
                var rows = target[(block.Start.Value * contract.PatchFrames)..(block.End.Value * contract.PatchFrames)];
                if (floors is not null)
                {
                    TensorPrimitives.Max(rows, floors[index], rows);
                }

                WindowNormalizer.Apply(rows, null, contract.Normalization);
            }

            if (contract.Layout == WindowLayout.FrameMajor)
            {
                Transpose(target, clip.MelBins, contract.PatchFrames);
            }
        }
    }

    /// <summary>The floor of each block of rows, under its maximum in the whole window.</summary>
    private static float[] Floors(MelClip clip, int firstFrame, ModelContract contract, double range)
    {
        var window = new float[clip.MelBins * contract.WindowFrames];
        clip.CopyWindow(firstFrame, contract.WindowFrames, window);
        return [.. contract.Mel.Blocks().Select(block =>
            TensorPrimitives.Max<float>(window.AsSpan()[(block.Start.Value * contract.WindowFrames)..(block.End.Value * contract.WindowFrames)]) - (float)range)];
    }

    private static void Transpose(Span<float> cells, int rows, int columns)
    {
        var source = cells.ToArray();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                cells[(column * rows) + row] = source[(row * columns) + column];
            }
        }
    }
}

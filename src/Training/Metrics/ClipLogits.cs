using StreamGenre.Training.Data;

namespace StreamGenre.Training.Metrics;

/// <summary>What a model gave for the windows of one clip.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Label">Its label in the model's list.</param>
/// <param name="Windows">Number of windows.</param>
/// <param name="Logits">[windows, patches, model's labels]; probabilities where the model gives those.</param>
internal sealed record ClipLogits(MelClip Clip, int Label, int Windows, float[] Logits)
{
    /// <summary>All its labels in the model's list, the main one first; of a clip of one genre that one.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [Label];

    /// <summary>Patches that each window is cut into; the window's probabilities are the mean of theirs.</summary>
    public int Patches { get; init; } = 1;
}

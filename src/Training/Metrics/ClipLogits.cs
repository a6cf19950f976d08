using StreamGenre.Training.Data;

namespace StreamGenre.Training.Metrics;

/// <summary>What a model gave for the windows of one clip.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Label">Its label in the model's list.</param>
/// <param name="Windows">Number of windows.</param>
/// <param name="Logits">[windows, model's labels].</param>
internal sealed record ClipLogits(MelClip Clip, int Label, int Windows, float[] Logits);

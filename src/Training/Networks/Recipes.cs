using StreamGenre.Training.Data;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>What published recipes have in common.</summary>
internal static class Recipes
{
    /// <summary>Plain training, as systems were published before augmentation, averages and schedules were usual: none of these. One window of a song is as good as another.</summary>
    public static TrainingRunOptions Plain { get; } = new()
    {
        Schedule = ScheduleKind.Constant,
        Momentum = 0,
        WeightDecay = 0,
        ClipNorm = 0,
        AverageDecay = 0,
        Dropout = 0,
        LabelSmoothing = 0,
        Augmentation = AugmentationOptions.None,
        BatchWindows = 32,
    };

    /// <summary>Songs in the training side of gtzan-mel, 442, as a whole number of batches: recipes draw so many windows of each in an epoch.</summary>
    public const int Songs = 448;
}

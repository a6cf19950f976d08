using System.Text.Json.Serialization;

namespace StreamGenre.Training.Runs;

/// <summary>What training makes small, by the names on the command line and in config.json.</summary>
internal enum LossKind
{
    /// <summary>Softmax cross entropy.</summary>
    [JsonStringEnumMemberName("cross-entropy")]
    CrossEntropy,

    /// <summary>Softmax cross entropy with a matrix of what each confusion costs.</summary>
    [JsonStringEnumMemberName("cost-sensitive")]
    CostSensitive,

    /// <summary>A yes or no for each label on its own, for recordings of several genres.</summary>
    [JsonStringEnumMemberName("multi-label")]
    MultiLabel,
}

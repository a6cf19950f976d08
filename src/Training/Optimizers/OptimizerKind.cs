using System.Text.Json.Serialization;

namespace StreamGenre.Training.Optimizers;

/// <summary>The optimisers by the names they have on the command line and in config.json.</summary>
internal enum OptimizerKind
{
    /// <summary><see cref="Optimizers.AdamW"/>.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary><see cref="Optimizers.Adam"/>, its weight decay in the gradient.</summary>
    [JsonStringEnumMemberName("adam")]
    Adam,

    /// <summary><see cref="Optimizers.Sgd"/>.</summary>
    [JsonStringEnumMemberName("sgd")]
    Sgd,
}

using System.Text.Json.Serialization;

namespace StreamGenre.Training.Data;

/// <summary>What a clip is for.</summary>
internal enum SplitSide
{
    /// <summary>Learnt from.</summary>
    [JsonStringEnumMemberName("training")]
    Training,

    /// <summary>Measured on while choosing: epochs, temperature, networks.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,

    /// <summary>Measured on once everything is chosen; training never looks at it.</summary>
    [JsonStringEnumMemberName("test")]
    Test,
}

using System.Text.Json.Serialization;

namespace StreamGenre.Training.Optimizers;

/// <summary>How the learning rate moves over a run; see <see cref="LearningRateSchedule"/>.</summary>
internal enum ScheduleKind
{
    /// <summary>Up, then down to nearly nothing.</summary>
    [JsonStringEnumMemberName("one-cycle")]
    OneCycle,

    /// <summary>Down a half cosine.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,

    /// <summary>The same all the time.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,
}

namespace StreamGenre.StreamHost.Microphones;

/// <summary>A microphone, or whatever else the system records from.</summary>
/// <param name="Device">What to name it by: <c>mic --device</c>.</param>
/// <param name="Description">What people call it; empty where the system does not say.</param>
/// <param name="IsDefault">Whether it is the one that is taken when none is named.</param>
internal sealed record Microphone(string Device, string Description, bool IsDefault);

using StreamGenre.Stages.Windowing;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>A window as the front end gives it on, or the end of the audio.</summary>
/// <param name="Mel">The window, owned by whoever holds this; null for the end of the audio.</param>
/// <param name="IsSilent">Whether it is silent and needs no scores.</param>
/// <param name="Chunk">The chunk that completed it.</param>
/// <param name="IsLastOfChunk">Whether the chunk's writer may go on once the window has a place.</param>
internal readonly record struct HeardWindow(MelWindow? Mel, bool IsSilent, PcmChunk Chunk, bool IsLastOfChunk);

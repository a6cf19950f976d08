using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>
/// When each chunk of one stream is to be sent, fixed before the first one is. Latency counts from these times, not from when the sender got
/// round to it, so that a server (or a sender) that stands still can't hide the time for which it did ("coordinated omission").
/// </summary>
/// <param name="Start">When the stream begins, a <see cref="Stopwatch"/> timestamp.</param>
/// <param name="LeadChunks">Chunks sent at once at the start, so that the first window is not long in coming.</param>
/// <param name="ChunkTicks">From one chunk to the next, in <see cref="Stopwatch"/> ticks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadSchedule(long Start, int LeadChunks, long ChunkTicks)
{
    // Audio times are whole ticks of 100 ns; a chunk's end may be rounded to either side.
    private const double Rounding = 1e-3;

    /// <summary>The chunk (from 0) that brings the last sample of the audio before <paramref name="end"/>.</summary>
    public static long ChunkOf(TimeSpan end, TimeSpan chunk) => Math.Max(0, (long)Math.Ceiling((end / chunk) - Rounding) - 1);

    /// <summary>When chunk <paramref name="chunk"/> (from 0) is to be sent: when its last sample would have been heard.</summary>
    public long DueAt(long chunk) => chunk < LeadChunks ? Start : Start + ((chunk - LeadChunks + 1) * ChunkTicks);

    /// <summary>Chunks to be sent at or before <paramref name="timestamp"/>.</summary>
    public long DueBy(long timestamp) => timestamp < Start ? 0 : LeadChunks + ((timestamp - Start) / ChunkTicks);
}

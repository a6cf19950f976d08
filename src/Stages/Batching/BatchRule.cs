using System.Runtime.InteropServices;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// When a batch that is not full goes off: at once while the machine is idle, later and fuller while it is busy. Both engines ask it. It knows
/// no clock and no thread.
/// </summary>
/// <remarks>
/// A batch is worth waiting for only where the wait costs nothing, that is while the model is kept busy by other batches. So it waits only on the last
/// free lane, and no longer than until another lane comes back. What arrives meanwhile goes with it: the busier the lanes, the fuller the batches.
/// A single lane never waits, since windows gather behind it while it works.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BatchRule
{
    /// <summary>Windows in the batch, at least 1.</summary>
    public required int Windows { get; init; }

    /// <summary>How long ago the first of them came.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Streams that are open: when each has a window in the batch, nobody else is to be waited for.</summary>
    public required int OpenStreams { get; init; }

    /// <summary>Whether one of the batch's streams has no place left and can only go on when it is done (a file, as fast as it goes).</summary>
    public required bool HoldsUpAStream { get; init; }

    /// <summary>All lanes, the one that gathers included.</summary>
    public required int Lanes { get; init; }

    /// <summary>Lanes that run the model.</summary>
    public required int LanesAtWork { get; init; }

    /// <summary>How long the batch may wait for more, unless a lane comes back before; zero or less: it goes now.</summary>
    public TimeSpan Wait(BatchingOptions options)
    {
        var isLastFreeLane = LanesAtWork > 0 && LanesAtWork >= Lanes - 1;
        return !isLastFreeLane || HoldsUpAStream || Windows >= OpenStreams ? TimeSpan.Zero : options.MaxDelay - Age;
    }
}

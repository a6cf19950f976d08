namespace StreamGenre.StreamHost.Tuning;

/// <summary>The arrangement to run a server with.</summary>
/// <param name="Lanes">For <c>Batching:Lanes</c>.</param>
/// <param name="Threads">For <c>Model:IntraOpThreads</c>.</param>
/// <param name="MaxBatch">For <c>Batching:MaxBatch</c>.</param>
/// <param name="WindowsPerSecond">Windows a second that it came to.</param>
internal sealed record TuningChoice(int Lanes, int Threads, int MaxBatch, double WindowsPerSecond)
{
    // What is measured scatters by as much.
    private const double Tolerance = 0.95;

    // A fifth of the 250 ms in which updates are to be there.
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Chooses among trials: the lanes and threads of the greatest throughput, but the standard ones (a lane a core, one thread each) where these come within
    /// 5 % of it; with these the smallest batch within 5 % of their best, by the clock or by processor time, that takes no longer than 50 ms (each lane keeps the
    /// memory of its largest), or the quickest where there is none.
    /// </summary>
    /// <param name="trials">At least one.</param>
    /// <param name="standardLanes">The lanes that a server takes by itself.</param>
    public static TuningChoice Of(IReadOnlyList<LaneTrial> trials, int standardLanes)
    {
        var fastest = trials.MaxBy(trial => trial.WindowsPerSecond)!;
        var standard = trials.Where(trial => trial.Lanes == standardLanes && trial.Threads == 1).MaxBy(trial => trial.WindowsPerSecond);
        var taken = standard is not null && standard.WindowsPerSecond >= Tolerance * fastest.WindowsPerSecond ? standard : fastest;
        var own = trials.Where(trial => trial.Lanes == taken.Lanes && trial.Threads == taken.Threads).ToList();
        var thriftiest = own.Max(trial => trial.WindowsPerCpuSecond);
        bool IsAmongTheBest(LaneTrial trial) => trial.WindowsPerSecond >= Tolerance * taken.WindowsPerSecond || trial.WindowsPerCpuSecond >= Tolerance * thriftiest;
        var batch = own.Where(trial => trial.BatchTime <= LongestBatch && IsAmongTheBest(trial)).MinBy(trial => trial.Batch)
            ?? own.MinBy(trial => trial.BatchTime)!;
        return new TuningChoice(taken.Lanes, taken.Threads, batch.Batch, batch.WindowsPerSecond);
    }
}

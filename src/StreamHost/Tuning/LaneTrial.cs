namespace StreamGenre.StreamHost.Tuning;

/// <summary>How a model ran in one arrangement.</summary>
/// <param name="Lanes">Batches in the model at once.</param>
/// <param name="Threads">Threads inside each run.</param>
/// <param name="Batch">Windows in a batch.</param>
/// <param name="WindowsPerSecond">Windows a second, over all lanes.</param>
/// <param name="Share">Processor time that it got, of what lanes times threads could have taken: low where others' work took it, or where threads waited.</param>
internal sealed record LaneTrial(int Lanes, int Threads, int Batch, double WindowsPerSecond, double Share = 1)
{
    /// <summary>Windows a processor second, which others' work hardly changes.</summary>
    public double WindowsPerCpuSecond => WindowsPerSecond / (Share * Lanes * Threads);

    /// <summary>What a batch takes, with all lanes at work.</summary>
    public TimeSpan BatchTime => TimeSpan.FromSeconds(Lanes * Batch / WindowsPerSecond);
}

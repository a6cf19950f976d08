namespace StreamGenre.StreamHost.Tuning;

/// <summary>How a model ran in one arrangement.</summary>
/// <param name="Lanes">Batches in the model at once.</param>
/// <param name="Threads">Threads inside each run.</param>
/// <param name="Batch">Windows in a batch.</param>
/// <param name="WindowsPerSecond">Windows a second, over all lanes.</param>
internal sealed record LaneTrial(int Lanes, int Threads, int Batch, double WindowsPerSecond)
{
    /// <summary>What a batch takes, with all lanes at work.</summary>
    public TimeSpan BatchTime => TimeSpan.FromSeconds(Lanes * Batch / WindowsPerSecond);
}

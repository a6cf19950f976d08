namespace StreamGenre.AkkaEngine.Graph;

/// <summary>Windows of all sessions that wait for a batch. Thread-safe.</summary>
internal sealed class WaitingCount
{
    private int _value;

    /// <summary>How many.</summary>
    public int Value => Volatile.Read(ref _value);

    /// <summary>Counts some more, or fewer.</summary>
    public void Add(int windows) => Interlocked.Add(ref _value, windows);
}

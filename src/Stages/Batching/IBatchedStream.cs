namespace StreamGenre.Stages.Batching;

/// <summary>A stream as the batches know it. Thread-safe.</summary>
internal interface IBatchedStream
{
    /// <summary>Whether every place is taken: the stream can send nothing before one of its windows is done and read.</summary>
    bool IsFull { get; }

    /// <summary>The window that has waited longest, marked as taken; null when none waits, as when the stream is over.</summary>
    PendingWindow? TakeOldest();

    /// <summary>Gives a taken window its scores, <c>[labels]</c>, which are copied.</summary>
    void Complete(PendingWindow window, ReadOnlySpan<float> scores);

    /// <summary>Ends the stream with an error; nothing happens when it is over.</summary>
    void Fail(Exception error);
}

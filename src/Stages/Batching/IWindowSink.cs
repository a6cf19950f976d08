namespace StreamGenre.Stages.Batching;

/// <summary>Where a line's windows go once they are done. Called under the line's lock, so it must neither wait nor call the line.</summary>
internal interface IWindowSink
{
    /// <summary>The next window, in the order of the audio. It is read before this returns and not kept.</summary>
    void OnDone(PendingWindow window);

    /// <summary>Every window has come and no further one will. Called once, unless the line failed or was closed.</summary>
    void OnEnd();

    /// <summary>The line can't go on; nothing follows. Called at most once.</summary>
    void OnFailed(Exception error);
}

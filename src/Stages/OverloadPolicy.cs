namespace StreamGenre.Stages;

/// <summary>What a stream does with a window when there is no room for it.</summary>
public enum OverloadPolicy
{
    /// <summary>Wait for room: whoever writes the audio feels back-pressure and nothing is lost.</summary>
    Block,

    /// <summary>Never wait: drop the stream's oldest window that no lane has taken yet, and count it. The stream stays near real time.</summary>
    DropOldest,
}

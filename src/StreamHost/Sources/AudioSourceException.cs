namespace StreamGenre.StreamHost.Sources;

/// <summary>Audio that can't be read. The message is one line that names the file, what is wrong with it and what to do.</summary>
internal sealed class AudioSourceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the file is sound but in a coding that is not read in-box: FFmpeg may well read it.</summary>
    public bool IsUnsupportedCoding { get; init; }
}

namespace StreamGenre.AudioFiles;

/// <summary>Audio that can't be read. The message is one line that names the file, what is wrong with it and what to do.</summary>
public sealed class AudioSourceException : Exception
{
    /// <summary>An error without a message.</summary>
    public AudioSourceException()
    {
    }

    /// <summary>An error with the line that the user reads.</summary>
    public AudioSourceException(string message)
        : base(message)
    {
    }

    /// <summary>An error with the line that the user reads and its cause.</summary>
    public AudioSourceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>True when the file is sound but in a coding that is not read in-box: FFmpeg may well read it.</summary>
    public bool IsUnsupportedCoding { get; init; }

    /// <summary>True when the file needs FFmpeg, which could not be started: no other such file will be read either.</summary>
    public bool IsDecoderMissing { get; init; }
}

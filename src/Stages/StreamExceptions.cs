namespace StreamGenre.Stages;

/// <summary>A stream was asked for with options that can't be met; the message and <see cref="Errors"/> list every reason.</summary>
public sealed class StreamOptionsException(IReadOnlyList<string> errors)
    : Exception("The stream can't be opened: " + string.Join("; ", errors) + ".")
{
    /// <summary>Each error by itself, with the offending value and the limit.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>The audio ended inside a sample frame (one sample of each channel), so bytes are missing or the format is not the declared one.</summary>
public sealed class IncompleteSampleException(int strayBytes, int frameBytes) : Exception(
    $"The audio ends inside a sample: {strayBytes} of the {frameBytes} bytes of a sample frame came. " +
    "Send whole sample frames, and check the encoding and the channel count.")
{
    /// <summary>Bytes left over.</summary>
    public int StrayBytes { get; } = strayBytes;

    /// <summary>Bytes in one sample of every channel.</summary>
    public int FrameBytes { get; } = frameBytes;
}

/// <summary>A stream can't go on because its windows could not be classified.</summary>
public sealed class ClassificationException(string message, Exception? innerException = null) : Exception(message, innerException);

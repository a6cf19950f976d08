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
public sealed class ClassificationException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The model failed on the batch that the window at <paramref name="start"/> was in.</summary>
    internal static ClassificationException Of(TimeSpan start, Exception error) =>
        new($"The window at {start.TotalSeconds:0.###} s could not be classified: {error.Message}", error);

    /// <summary>What is wrong with the scores of the window at <paramref name="start"/>; null where nothing is.</summary>
    /// <remarks>One stream's NaN must not enter its smoother, where it would stay, nor end the streams that shared the batch.</remarks>
    internal static ClassificationException? Of(TimeSpan start, ReadOnlySpan<float> scores)
    {
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
            {
                return new ClassificationException(
                    $"The model's scores for the window at {start.TotalSeconds:0.###} s are not finite numbers; " +
                    "check the audio for NaN or infinite samples.");
            }
        }

        return null;
    }
}

namespace StreamGenre.Training;

/// <summary>Something the user gave that can't be used; the message names it and says what to do. Commands print it as one line and exit 2.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error without a message.</summary>
    public TrainingException()
    {
    }

    /// <summary>An error with the message the user reads.</summary>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>An error with the message the user reads and its cause.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

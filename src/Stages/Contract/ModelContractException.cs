namespace StreamGenre.Stages.Contract;

/// <summary>A model's contract is missing, unreadable or asks for what this program can't do. The message lists everything at once.</summary>
public sealed class ModelContractException : Exception
{
    /// <summary>A contract with nothing said about what is wrong with it.</summary>
    public ModelContractException()
        : this([])
    {
    }

    /// <summary>A contract wrong in one point.</summary>
    public ModelContractException(string message)
        : this([message])
    {
    }

    /// <summary>A contract that could not be read, and why.</summary>
    public ModelContractException(string message, Exception innerException)
        : base(message, innerException) => Errors = [message];

    /// <summary>A contract wrong in all these points.</summary>
    public ModelContractException(IReadOnlyList<string> errors)
        : base($"The model's contract can't be kept ({errors.Count} problem(s)):" + string.Concat(errors.Select(e => "\n  - " + e)))
        => Errors = errors;

    /// <summary>Each problem, with the offending value and what is allowed.</summary>
    public IReadOnlyList<string> Errors { get; }
}

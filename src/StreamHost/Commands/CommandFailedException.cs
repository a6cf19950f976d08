namespace StreamGenre.StreamHost.Commands;

/// <summary>A command that can't do what it was asked; the message is the one line that its user sees.</summary>
internal sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);

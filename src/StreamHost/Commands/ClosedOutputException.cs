namespace StreamGenre.StreamHost.Commands;

/// <summary>Whoever read standard output has closed it.</summary>
internal sealed class ClosedOutputException(Exception inner) : Exception("Standard output is closed.", inner);

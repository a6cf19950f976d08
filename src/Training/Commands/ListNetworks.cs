using System.CommandLine;
using System.CommandLine.Invocation;

using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Commands;

/// <summary><c>train --list</c>: like help, it needs no other option and nothing else is done.</summary>
internal sealed class ListNetworks : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool Terminating => true;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        NetworkTable.Write(Console.Out);
        return 0;
    }
}

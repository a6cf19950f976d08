using System.CommandLine;

namespace StreamGenre.Training.Commands;

/// <summary><c>--cache</c>: where frames of audio and what teachers heard are kept from one command to the next; the same default for all of them.</summary>
internal static class CacheOption
{
    /// <summary>The option of one command.</summary>
    public static Option<string> New() => new("--cache")
    {
        Description = "Folder for cached mel frames of audio, and for what teachers heard in them",
        DefaultValueFactory = _ => Path.Combine("artifacts", "training", "mel-cache"),
    };
}

using System.CommandLine;

using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary>The options that decide where and how training runs and not what comes out: the folder, resuming, checkpoints, the cache.</summary>
/// <param name="whatFolder">What <c>--run</c> names, for the help.</param>
internal sealed class ExecutionSettings(string whatFolder)
{
    private readonly Option<string?> _run = new("--run") { Description = $"{whatFolder} (default: artifacts/training/<time>-<network>)" };
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with what was interrupted in --run, with its own settings, to the same bits as if it had not been",
    };

    private readonly Option<double> _checkpointSeconds = new("--checkpoint-seconds")
    {
        Description = "Seconds from one checkpoint to the next",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<string> _cache = CacheOption.New();

    /// <summary>For the command to take.</summary>
    public IReadOnlyList<Option> Options => [_run, _resume, _checkpointSeconds, _cache];

    /// <summary>Whether something interrupted is to be gone on with.</summary>
    public bool Resumes(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>Full path of the cache.</summary>
    public string Cache(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(_cache)!);

    /// <summary>Time from one checkpoint to the next.</summary>
    public TimeSpan CheckpointEvery(ParseResult parsed) => parsed.GetValue(_checkpointSeconds) is >= 0 and < 1e6 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new TrainingException($"--checkpoint-seconds is {parsed.GetValue(_checkpointSeconds)}; it must be 0 (every step) to a million");

    /// <summary>The folder that was named, or a new one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">Ends the name of a new folder.</param>
    /// <exception cref="TrainingException">Nothing is named to be gone on with.</exception>
    public string Folder(ParseResult parsed, string name) => (parsed.GetValue(_run), Resumes(parsed)) switch
    {
        ({ } path, _) => OutputPath.Folder("--run", path),
        (null, true) => throw new TrainingException("--resume needs the folder: --run DIR"),
        _ => Path.Combine("artifacts", "training", FormattableString.Invariant($"{DateTime.Now:yyyyMMdd-HHmmss}-{name}")),
    };

    /// <summary>Refuses settings beside <c>--resume</c>.</summary>
    /// <exception cref="TrainingException">Some were given.</exception>
    public void RefuseSettings(ParseResult parsed, IEnumerable<Option> settings)
    {
        var given = settings.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        if (given.Count > 0)
        {
            throw new TrainingException($"what is resumed keeps its own settings; leave out {string.Join(", ", given)}");
        }
    }
}

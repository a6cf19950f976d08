using System.CommandLine;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary>The options that say which clips a finished model is measured on; the same for every command that measures.</summary>
internal sealed class SetSettings
{
    private readonly Option<string[]> _data;
    private readonly Option<string?> _rows = new("--split") { Description = "Only rows of this split in a folder's index.csv" };
    private readonly PartSettings _parts = new();
    private readonly Option<string?> _splitBy = new("--split-by") { Description = $"Only one side of this split of the set: {SplitRule.Forms}" };
    private readonly Option<SplitSide> _side = new("--side") { Description = "Which side of the split (default: validation)", DefaultValueFactory = _ => SplitSide.Validation };
    private readonly Option<double> _holdOut = new("--holdout-artists") { Description = "Only recordings by the share of artists that train held back; 0 for all" };
    private readonly Option<int> _holdOutSeed = new("--holdout-seed") { Description = "Seed that train drew by", DefaultValueFactory = _ => new TrainingRunOptions().HoldOutSeed };
    private readonly Option<int> _fold = new("--fold") { Description = "Block of what is drawn that train held back" };
    private readonly Option<string> _cache = CacheOption.New();

    /// <summary>The options of a command.</summary>
    /// <param name="required">Whether the data must be named; where not, a run brings its own.</param>
    public SetSettings(bool required)
    {
        _data = new Option<string[]>("--data")
        {
            Description = "An npz of mels or a folder of audio; repeat for more" + (required ? "" : " (default: what the run itself was measured on)"),
            Required = required,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = required ? null! : _ => [],
        };
        Choice.Restrict(_side);
    }

    /// <summary>For the command to take.</summary>
    public IReadOnlyList<Option> Options => [_data, _rows, _splitBy, _side, _holdOut, _holdOutSeed, _fold, .. _parts.Options, _cache];

    /// <summary>Whether data was named.</summary>
    public bool Given(ParseResult parsed) => parsed.GetValue(_data)!.Length > 0;

    /// <summary>Reads the parts that were named, each the side of it that was asked for.</summary>
    /// <exception cref="TrainingException">A part is missing or unusable.</exception>
    public async Task<IReadOnlyList<(string Name, MelSet Set)>> ReadAsync(
        ParseResult parsed, ModelContract contract, Action<string> note, CancellationToken cancellation)
    {
        var rule = Splits.Rule(parsed.GetValue(_splitBy), parsed.GetValue(_holdOut));
        if (rule is null && Named(parsed, [_side, _holdOutSeed, _fold]) is { Length: > 0 } idle)
        {
            throw new TrainingException($"nothing is split, so {idle} has no effect; add --split-by or --holdout-artists, or leave it out");
        }

        var reader = new DataReader(contract.Mel, parsed.GetValue(_cache)!, _parts.Read(parsed, new PartOptions()) with { Rows = parsed.GetValue(_rows) }, note);
        var sets = new List<(string, MelSet)>();
        foreach (var path in parsed.GetValue(_data)!)
        {
            var set = await reader.ReadAsync(path, cancellation);
            if (rule is not null)
            {
                var sides = Splits.Apply(set, rule, parsed.GetValue(_holdOutSeed), parsed.GetValue(_fold));
                set = sides[parsed.GetValue(_side)];
                note($"{path}: {sides}");
            }

            sets.Add((Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), set));
        }

        reader.CheckGenres();
        return sets;
    }

    private static string Named(ParseResult parsed, IEnumerable<Option> options) =>
        string.Join(", ", options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name));

    /// <summary>Reads what a run itself was measured on.</summary>
    /// <exception cref="TrainingException">It was measured on nothing, or that isn't there any more.</exception>
    public async Task<IReadOnlyList<(string Name, MelSet Set)>> ReadOwnAsync(
        ParseResult parsed, RunFolder run, Action<string> note, CancellationToken cancellation)
    {
        if (Named(parsed, Options.Except([_data, _cache])) is { Length: > 0 } idle)
        {
            throw new TrainingException($"the run is heard on what it was measured on itself, so {idle} has no effect; name other data with --data, or leave it out");
        }

        var cache = Path.GetFullPath(parsed.GetValue(_cache)!);
        var (options, here) = (run.ReadOptions(), Environment.CurrentDirectory);
        try
        {
            // The configuration's paths are taken from where the run was begun.
            if (run.ReadEnvironments()[0].Folder is var begun && Directory.Exists(begun))
            {
                Environment.CurrentDirectory = begun;
            }

            var own = (await RunData.ReadAsync(options, cache, note, cancellation)).Validation;
            return own.Count > 0 ? own : throw new TrainingException($"{run.Path} was measured on no set of its own; name one with --data");
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
    }
}

using System.CommandLine;

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Commands;

/// <summary>The options that say what of a data set's parts is read; the same for every command that reads any.</summary>
internal sealed class PartSettings
{
    private readonly Option<DataLayout> _layout = new("--layout") { Description = "The form of folders (default: auto, what lies there)" };
    private readonly Option<string?> _genres = new("--genres") { Description = "Only these genres, separated by commas" };
    private readonly Option<string?> _without = new("--without") { Description = "All genres but these, separated by commas" };
    private readonly Option<bool> _allGenres = new("--all-genres") { Description = "All genres of a recording (FMA's genres_all; several in an index, between semicolons) in place of its main one" };

    /// <summary>The options.</summary>
    public PartSettings() => Choice.Restrict(_layout);

    /// <summary>For the command to take.</summary>
    public IReadOnlyList<Option> Options => [_layout, _genres, _without, _allGenres];

    /// <summary>What was given, over what a recipe says.</summary>
    public PartOptions Read(ParseResult parsed, PartOptions recipe)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
        return recipe with
        {
            Layout = Given(_layout) ? parsed.GetValue(_layout) : recipe.Layout,
            Genres = Given(_genres) ? Names(parsed.GetValue(_genres)) : recipe.Genres,
            Without = Given(_without) ? Names(parsed.GetValue(_without)) : recipe.Without,
            AllGenres = Given(_allGenres) ? parsed.GetValue(_allGenres) : recipe.AllGenres,
        };
    }

    private static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}

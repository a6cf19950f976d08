namespace StreamGenre.Training.Distillation;

/// <summary>Finds a set's genres among the classes of a teacher that was trained for more than music.</summary>
internal static class GenreClasses
{
    /// <summary>
    /// The class that a label means: the same words, or with "music" behind them (hiphop: "Hip hop music"), however they are written; else the only class
    /// that the label is a word of (metal: "Heavy metal").
    /// </summary>
    /// <param name="labels">The genres.</param>
    /// <param name="classes">Names of the teacher's classes.</param>
    /// <returns>A class for every label; null where none or several could be meant.</returns>
    public static IReadOnlyList<string?> Of(IReadOnlyList<string> labels, IReadOnlyList<string> classes) => [.. labels.Select(label =>
    {
        var plain = string.Concat(Words(label));
        var named = classes.FirstOrDefault(name => string.Concat(Words(name)) == plain) ?? classes.FirstOrDefault(name => string.Concat(Words(name)) == plain + "music");
        var containing = classes.Where(name => Words(name).Contains(plain)).ToList();
        return named ?? (containing.Count == 1 ? containing[0] : null);
    })];

    private static string[] Words(string name) =>
        new string([.. name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

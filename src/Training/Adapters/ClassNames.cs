using CsvHelper;

using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Adapters;

/// <summary>Reads the names of a backbone's classes.</summary>
internal static class ClassNames
{
    private const string NameColumn = "display_name";

    /// <summary>Reads a class map such as AudioSet's networks come with: a CSV file with the names in the column display_name, in the order of the scores.</summary>
    /// <param name="path">The file.</param>
    /// <param name="backbone">Whose classes they are.</param>
    /// <param name="grid">Its pictures.</param>
    /// <exception cref="TrainingException">There is no such file, it can't be read, or it names more or fewer classes than the backbone has.</exception>
    public static IReadOnlyList<string> Read(string path, OnnxBackbone backbone, AdapterGrid grid)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no class map {path}");
        }

        var names = CsvFile.Read(path, Names);
        var classes = FrontEndAdapter.ClassCount(backbone, grid);
        return names.Count == classes
            ? names
            : throw new TrainingException($"{path} names {names.Count} classes in a column {NameColumn}, and {backbone.Path} scores {classes}; give the class map that it came with");
    }

    private static List<string> Names(CsvReader csv)
    {
        csv.ReadHeader();
        var column = csv.Headers.ToList().IndexOf(NameColumn);
        var names = new List<string>();
        while (column >= 0 && csv.Read())
        {
            names.Add(csv.GetString(column));
        }

        return names;
    }
}

using CsvHelper;

using StreamGenre.Training.Backbones;

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

        var names = new List<string>();
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',', TrackLineNumbers = true });
        try
        {
            csv.ReadHeader();
            var column = csv.Headers.ToList().IndexOf(NameColumn);
            while (column >= 0 && csv.Read())
            {
                names.Add(csv.GetString(column));
            }
        }
        catch (CsvFormatException error)
        {
            throw new TrainingException($"{path}, line {csv.LineNumber}: can't be read as comma-separated text: {error.Message.ReplaceLineEndings(" ")}", error);
        }

        var classes = FrontEndAdapter.ClassCount(backbone, grid);
        return names.Count == classes
            ? names
            : throw new TrainingException($"{path} names {names.Count} classes in a column {NameColumn}, and {backbone.Path} scores {classes}; give the class map that it came with");
    }
}

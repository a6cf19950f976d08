using CsvHelper;

namespace StreamGenre.Training.Data;

/// <summary>Reads files of comma-separated text.</summary>
internal static class CsvFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, which is there.</param>
    /// <param name="read">Reads it to its end.</param>
    /// <param name="hasHeader">Whether its first row is a header.</param>
    /// <param name="trims">Whether white space around fields doesn't count.</param>
    /// <exception cref="TrainingException">A row is no comma-separated text; the message says which.</exception>
    public static T Read<T>(string path, Func<CsvReader, T> read, bool hasHeader = true, bool trims = false)
    {
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',', HasHeader = hasHeader, TrimWhitespace = trims, TrackLineNumbers = true });
        try
        {
            return read(csv);
        }
        catch (CsvFormatException error)
        {
            throw new TrainingException($"{path}, line {csv.LineNumber}: can't be read as comma-separated text: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}

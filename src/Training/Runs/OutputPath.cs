namespace StreamGenre.Training.Runs;

/// <summary>Where a command writes. What can't be written there is told before the work begins, not after it.</summary>
internal static class OutputPath
{
    /// <summary>The full path of a file to write, whose folder is there.</summary>
    /// <param name="option">The option that named it, for errors.</param>
    /// <param name="path">As it was given.</param>
    /// <exception cref="TrainingException">It is a folder, or lies in what is a file.</exception>
    public static string Prepare(string option, string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new TrainingException($"{option} is {path}, a folder; name a file");
        }

        Directory.CreateDirectory(Folder(option, path, Path.GetDirectoryName(full)!));
        return full;
    }

    /// <summary>A folder to write into, as it was given.</summary>
    /// <param name="option">The option that named it, for errors.</param>
    /// <param name="path">As it was given.</param>
    /// <exception cref="TrainingException">It is a file, or lies in one.</exception>
    public static string Folder(string option, string path) => Folder(option, path, path);

    private static string Folder(string option, string path, string folder)
    {
        for (var part = Path.GetFullPath(folder); part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                throw new TrainingException($"{option} is {path}, but {part} is a file; name another place");
            }
        }

        return folder;
    }
}

namespace StreamGenre.AudioFiles;

/// <summary>Finds the <c>ffmpeg</c> program.</summary>
public static class FfmpegProgram
{
    /// <summary>What to do where it is missing.</summary>
    private static string Remedy =>
        OperatingSystem.IsWindows() ? "winget install ffmpeg" : OperatingSystem.IsMacOS() ? "brew install ffmpeg" : "apt-get install ffmpeg";

    /// <summary>The file that a name or a path stands for.</summary>
    /// <param name="program">A path, or a name that is looked for in the folders of PATH.</param>
    /// <exception cref="AudioSourceException">There is no such program; the message says how to install it.</exception>
    public static string Find(string program)
    {
        // A name with a folder in it is a path; an extension is left out only where the system adds it.
        var names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? [program + ".exe", program] : new[] { program };
        var folders = Path.GetFileName(program) != program
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new AudioSourceException($"'{program}' was not found; install FFmpeg ({Remedy}) or name its path (--ffmpeg PATH)") { IsDecoderMissing = true };
    }
}

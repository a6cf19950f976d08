namespace StreamGenre.AudioFiles;

/// <summary>Finds and opens audio files.</summary>
public static class AudioFile
{
    // What a folder is searched for; a file named outright is opened whatever it is called.
    private static readonly string[] Extensions =
    [
        ".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".mp4", ".webm", ".wma", ".aif", ".aiff", ".au", ".mka", ".ac3", ".amr", ".wv", ".ape",
    ];

    /// <summary>Whether a file's name ends like an audio file's.</summary>
    public static bool IsAudio(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files that are named, and those in the folders that are named and in their folders, by name.</summary>
    /// <exception cref="AudioSourceException">A path does not exist, or a folder holds no audio.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var found = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    .Where(IsAudio)
                    .Order(StringComparer.Ordinal)
                    .ToList();
                if (found.Count == 0)
                {
                    throw new AudioSourceException($"{path}: the folder holds no audio files ({string.Join(' ', Extensions)})");
                }

                files.AddRange(found);
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                throw new AudioSourceException($"{path}: no such file or folder");
            }
        }

        return files;
    }

    /// <summary>Opens a file: WAV and AU in-box, anything else through FFmpeg.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ffmpeg">The FFmpeg program, by name or path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">It can't be read.</exception>
    public static async Task<IAudioSource> OpenAsync(string path, string ffmpeg, CancellationToken cancellationToken)
    {
        try
        {
            return await HeaderOfAsync(path, cancellationToken) is { } header
                ? await SampleFileSource.OpenAsync(OpenFile(path), path, header, cancellationToken)
                : await FfmpegSource.OpenAsync(path, ffmpeg, cancellationToken);
        }
        catch (AudioSourceException e) when (e.IsUnsupportedCoding)
        {
            return await FfmpegSource.OpenAsync(path, ffmpeg, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AudioSourceException($"{path}: can't be read: {e.Message}", e);
        }
    }

    // By its first bytes, not by its name; null for what FFmpeg is to read.
    private static async Task<Func<Stream, string, CancellationToken, Task<SampleFileHeader>>?> HeaderOfAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = OpenFile(path);
        var head = new byte[12];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            throw new AudioSourceException($"{path}: the file is empty");
        }

        var tag = head.AsSpan(0, 4);
        return tag.SequenceEqual(".snd"u8) ? AuHeader.ReadAsync
            : (tag.SequenceEqual("RIFF"u8) || tag.SequenceEqual("RF64"u8)) && head.AsSpan(8, 4).SequenceEqual("WAVE"u8) ? WavHeader.ReadAsync
            : null;
    }

    private static FileStream OpenFile(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}

using System.Runtime.InteropServices;

namespace StreamGenre.Training.Data;

/// <summary>
/// Frames that stay in the cache's file and are read window by window. The file is opened for each: 100,000 open files or memory maps are more than a
/// process may have, and a window is one short read that the system's file cache mostly answers.
/// </summary>
/// <param name="path">The cache's file.</param>
/// <param name="offset">Bytes before the first level.</param>
/// <param name="melBins">Mel bands.</param>
/// <param name="count">Frames.</param>
/// <param name="low">Level 0, in dB.</param>
/// <param name="step">One level, in dB.</param>
internal sealed class FileFrames(string path, int offset, int melBins, int count, float low, float step) : IMelFrames
{
    /// <inheritdoc/>
    public int MelBins => melBins;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    void IMelFrames.CopyTo(int first, int count, Span<float> window)
    {
        var levels = new ushort[count * melBins];
        var bytes = MemoryMarshal.AsBytes(levels.AsSpan());
        using var file = File.OpenHandle(path);
        var begin = offset + ((long)first * melBins * sizeof(ushort));
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], begin + done);
            done += read > 0 ? read : throw new TrainingException($"{path} was cut short while it was in use; remove it and train again");
        }

        LevelFrames.Unpack(levels, melBins, low, step, window);
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>
/// Mel frames of audio files on disk, so that a file is decoded once. A cell takes 16 bits (a step of about 0.003 dB over the file's range). The key is the
/// file's path, length and time of change and everything of the front end, so a change of either makes a new entry.
/// </summary>
internal sealed class MelCache
{
    // Raised whenever the decoding or the front end computes other values from the same options.
    private const int FormVersion = 1;

    private readonly string _folder;

    /// <summary>A cache in a folder, made where it is missing.</summary>
    public MelCache(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>The frames of a file [mels, frames], or null where they aren't cached.</summary>
    public float[]? Read(FileInfo file, MelOptions mel)
    {
        var path = PathOf(file, mel);
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        var low = BitConverter.ToSingle(bytes, 0);
        var step = BitConverter.ToSingle(bytes, 4);
        return Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan(8)).ToArray(), level => low + (level * step));
    }

    /// <summary>Keeps the frames of a file and gives them back as a later <see cref="Read"/> will, rounded to the cache's step.</summary>
    public float[] Write(FileInfo file, MelOptions mel, ReadOnlySpan<float> decibels)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in decibels)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        var step = high > low ? (high - low) / ushort.MaxValue : 1;
        var levels = new ushort[decibels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (ushort)Math.Clamp(MathF.Round((decibels[i] - low) / step), 0, ushort.MaxValue);
        }

        var path = PathOf(file, mel);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        using (var stream = File.Create(temporary))
        {
            stream.Write(BitConverter.GetBytes(low));
            stream.Write(BitConverter.GetBytes(step));
            stream.Write(MemoryMarshal.AsBytes<ushort>(levels));
        }

        File.Move(temporary, path, overwrite: true);
        return Array.ConvertAll(levels, level => low + (level * step));
    }

    private string PathOf(FileInfo file, MelOptions mel)
    {
        var key = $"{FormVersion}|{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{mel}";
        return Path.Combine(_folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".mel");
    }
}

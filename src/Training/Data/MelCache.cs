using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Data;

/// <summary>
/// Mel frames of audio files on disk, so that a file is decoded once. A cell takes 16 bits (a step of about 0.003 dB over the file's range). The key is the
/// file's path, length and time of change and everything of the front end, so a change of either makes a new entry. An entry is written aside, flushed to
/// the disk and then renamed: a run that is killed leaves whole entries or none. Frames are given from memory up to a limit and from the files beyond it.
/// </summary>
internal sealed class MelCache
{
    // Raised whenever the decoding or the front end computes other values from the same options.
    private const int FormVersion = 2;

    // A form mark, rows and frames (int32), level 0 and step (float); then the levels [frames, rows].
    private const int HeaderBytes = 24;

    // Weights, batches and the system's file cache want memory too.
    private const int ShareOfMemory = 3;

    private static readonly byte[] FormMark = "SGMELS02"u8.ToArray();

    private readonly string _folder;
    private readonly long _memoryBytes;
    private long _heldBytes;

    /// <summary>A cache in a folder, made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="memoryBytes">Most bytes of frames that are held in memory; null for a third of what the process may use.</param>
    public MelCache(string folder, long? memoryBytes = null)
    {
        _folder = folder;
        _memoryBytes = memoryBytes ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory);
        Directory.CreateDirectory(folder);
    }

    /// <summary>The frames of a file, or null where they aren't cached (or the entry is damaged).</summary>
    public IMelFrames? Read(FileInfo file, MelOptions mel, double speed = 1)
    {
        var path = PathOf(file, mel, speed);
        if (!File.Exists(path))
        {
            return null;
        }

        using var handle = File.OpenHandle(path);
        var header = new byte[HeaderBytes];
        var length = RandomAccess.GetLength(handle);
        if (RandomAccess.Read(handle, header, 0) < HeaderBytes || !header.AsSpan(0, FormMark.Length).SequenceEqual(FormMark))
        {
            return null;
        }

        var (rows, count) = (BitConverter.ToInt32(header, 8), BitConverter.ToInt32(header, 12));
        var (low, step) = (BitConverter.ToSingle(header, 16), BitConverter.ToSingle(header, 20));
        var bytes = (long)rows * count * sizeof(ushort);
        if (rows != mel.Rows || count < 0 || length != HeaderBytes + bytes)
        {
            return null;
        }

        if (!Holds(bytes))
        {
            return new FileFrames(path, HeaderBytes, rows, count, low, step);
        }

        var levels = new ushort[rows * count];
        var target = MemoryMarshal.AsBytes(levels.AsSpan());
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(handle, target[done..], HeaderBytes + done);
            if (read == 0)
            {
                return null;
            }

            done += read;
        }

        return new LevelFrames(levels, rows, low, step);
    }

    /// <summary>Keeps the frames of a file and gives them back as a later <see cref="Read"/> will, rounded to the cache's step.</summary>
    /// <param name="file">The audio file.</param>
    /// <param name="mel">The front end that made them.</param>
    /// <param name="decibels">[frames, rows].</param>
    /// <param name="speed">How fast the file was played.</param>
    public IMelFrames Write(FileInfo file, MelOptions mel, ReadOnlySpan<float> decibels, double speed = 1)
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

        var path = PathOf(file, mel, speed);
        var count = decibels.Length / mel.Rows;
        AtomicFile.WriteEntry(path, stream =>
        {
            stream.Write(FormMark);
            stream.Write(BitConverter.GetBytes(mel.Rows));
            stream.Write(BitConverter.GetBytes(count));
            stream.Write(BitConverter.GetBytes(low));
            stream.Write(BitConverter.GetBytes(step));
            stream.Write(MemoryMarshal.AsBytes<ushort>(levels));
        });

        return Holds((long)levels.Length * sizeof(ushort))
            ? new LevelFrames(levels, mel.Rows, low, step)
            : new FileFrames(path, HeaderBytes, mel.Rows, count, low, step);
    }

    private bool Holds(long bytes)
    {
        if (Interlocked.Add(ref _heldBytes, bytes) <= _memoryBytes)
        {
            return true;
        }

        Interlocked.Add(ref _heldBytes, -bytes);
        return false;
    }

    private string PathOf(FileInfo file, MelOptions mel, double speed)
    {
        var key = $"{FormVersion}|{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{mel}{(speed == 1 ? "" : FormattableString.Invariant($"|{speed}"))}";
        return Path.Combine(_folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".mel");
    }
}

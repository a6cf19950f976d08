using StreamGenre.AudioFiles;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;

namespace StreamGenre.Benchmarks.Engines;

/// <summary>The demo's music as bytes in memory, so that no file is read while anything is measured.</summary>
internal sealed record Music(PcmFormat Format, byte[] Pcm)
{
    /// <summary>Bytes of one second.</summary>
    public int BytesPerSecond => Format.BytesPerFrame * Format.SampleRateHz;

    /// <summary>Reads a folder's files, those of the first one's form, one after the other.</summary>
    public static async Task<Music> LoadAsync(string folder)
    {
        PcmFormat? format = null;
        var pcm = new MemoryStream();
        foreach (var path in Directory.GetFiles(folder, "*.wav").Order(StringComparer.Ordinal))
        {
            await using var source = await AudioFile.OpenAsync(path, "ffmpeg", CancellationToken.None);
            var here = new PcmFormat(PcmEncoding.S16Le, source.Format.SampleRateHz, source.Format.Channels);
            if (source.Format.Encoding != SampleEncoding.S16Le || here != (format ??= here))
            {
                continue;
            }

            var buffer = new byte[1 << 16];
            while (await source.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
            {
                pcm.Write(buffer, 0, read);
            }
        }

        return new Music(format ?? throw new FileNotFoundException($"{folder} holds no 16-bit WAV files."), pcm.ToArray());
    }

    /// <summary>A piece of it, begun anew where it ends.</summary>
    public byte[] Cut(int startSecond, int seconds)
    {
        var piece = new byte[seconds * BytesPerSecond];
        for (var i = 0; i < seconds; i++)
        {
            var from = (startSecond + i) % (Pcm.Length / BytesPerSecond) * BytesPerSecond;
            Pcm.AsSpan(from, BytesPerSecond).CopyTo(piece.AsSpan(i * BytesPerSecond));
        }

        return piece;
    }

    /// <summary>A stream of it.</summary>
    public GenreStreamOptions Stream(string id) => new() { StreamId = id, Format = Format };
}

using System.Buffers.Binary;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;

namespace StreamGenre.AkkaEngine.Tests;

/// <summary>Audio and streams that the tests make themselves.</summary>
internal static class Sound
{
    public const int RateHz = 8_000;

    /// <summary>A stream of mono 16-bit audio with a window and a hop of half a second.</summary>
    public static GenreStreamOptions Options(string id) => new()
    {
        StreamId = id,
        Format = new PcmFormat(PcmEncoding.S16Le, RateHz, 1),
        WindowHop = TimeSpan.FromSeconds(0.5),
    };

    /// <summary>Seeded 16-bit noise whose colour and loudness change every second; every fourth second is silent.</summary>
    public static byte[] Noise(int seed, double seconds)
    {
        var random = new Random(seed);
        var bytes = new byte[2 * (int)(seconds * RateHz)];
        var low = 0.0;
        for (var i = 0; i < bytes.Length / 2; i++)
        {
            var second = (i / RateHz) + seed;
            low += ((second % 5) + 1) / 6.0 * ((random.NextDouble() * 2) - 1 - low);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), second % 4 == 3 ? (short)0 : (short)(low * 20_000));
        }

        return bytes;
    }

    /// <summary>Sends all of it, cut by the seed, and gives every update.</summary>
    public static async Task<List<GenreUpdate>> ClassifyAsync(IGenreEngine engine, GenreStreamOptions options, byte[] pcm, int cutSeed)
    {
        await using var stream = engine.Open(options);
        var reading = ReadAsync(stream.Updates);
        var cuts = new Random(cutSeed);
        for (var from = 0; from < pcm.Length;)
        {
            var length = Math.Min(pcm.Length - from, 1 + cuts.Next(cuts.Next(3) == 0 ? 9 : 30_000));
            await stream.WriteAsync(pcm.AsMemory(from, length));
            from += length;
        }

        await stream.CompleteAsync();
        return await reading;
    }

    public static async Task<List<GenreUpdate>> ReadAsync(System.Threading.Channels.ChannelReader<GenreUpdate> updates)
    {
        var all = new List<GenreUpdate>();
        await foreach (var update in updates.ReadAllAsync())
        {
            all.Add(update);
        }

        return all;
    }

    /// <summary>All of an update but its latency, scores to the last bit.</summary>
    public static string Text(GenreUpdate update) =>
        $"{update.StreamId} {update.Sequence} {update.WindowStart.Ticks}..{update.WindowEnd.Ticks} {update.State} {update.TopGenre} {update.SmoothedDuration.Ticks} " +
        $"{update.Confidence:R} {update.Entropy:R} {update.AnnouncedBefore ?? "="} {update.AnnouncedGenre} " +
        $"{update.DroppedWindows} {update.Model.Version} [{Bits(update.WindowScores)}] [{Bits(update.RollingScores)}]";

    private static string Bits(ReadOnlyMemory<float> scores) =>
        string.Join(' ', scores.ToArray().Select(score => BitConverter.SingleToUInt32Bits(score).ToString("x8")));
}

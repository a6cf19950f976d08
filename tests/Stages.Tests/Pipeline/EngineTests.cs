using System.Runtime.InteropServices;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>
/// What the tests of engines share: an engine over a small model, streams of windows of half a second, and tones to write. What every engine promises stands in
/// <see cref="EngineUpdateTests{TEngine}"/>, <see cref="EngineWriteTests{TEngine}"/> and <see cref="EngineLifetimeTests{TEngine}"/>.
/// </summary>
public abstract class EngineTests<TEngine>
    where TEngine : IEngineUnderTest
{
    private protected const int RateHz = 8_000;
    private protected static readonly TimeSpan HalfSecond = TimeSpan.FromSeconds(0.5);

    private protected static Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider? time = null)
        => TEngine.StartAsync(classifier, batching, time ?? TimeProvider.System);

    private protected static Task<IGenreEngine> EngineAsync(BatchingOptions? batching = null)
        => StartAsync(new BandClassifier(TestContracts.Small), batching ?? new BatchingOptions { Lanes = 2 });

    private protected static GenreStreamOptions Options(string id) => new()
    {
        StreamId = id,
        Format = new PcmFormat(PcmEncoding.S16Le, RateHz, 1),
        WindowHop = HalfSecond,
        Smoothing = new SmoothingOptions { Window = TimeSpan.FromSeconds(2) },
    };

    /// <summary>A sine with a little seeded noise, s16le.</summary>
    private protected static byte[] Tone(double seconds, double hz, double amplitude = 12_000)
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, (int)(seconds * RateHz))
            .Select(i => (short)((amplitude * Math.Sin(2 * Math.PI * hz * i / RateHz)) + (200 * random.NextDouble())))
            .ToArray();
        return MemoryMarshal.AsBytes<short>(samples).ToArray();
    }

    private protected static async Task<List<GenreUpdate>> ClassifyAsync(IGenreEngine engine, GenreStreamOptions options, byte[] pcm, Random? cuts = null)
    {
        await using var stream = engine.Open(options);
        var reading = ReadAsync(stream);
        for (var from = 0; from < pcm.Length;)
        {
            var length = cuts is null ? pcm.Length : Math.Min(pcm.Length - from, 1 + cuts.Next(cuts.Next(2) == 0 ? 7 : 20_000));
            await stream.WriteAsync(pcm.AsMemory(from, length));
            from += length;
        }

        await stream.CompleteAsync();
        return await reading;
    }

    private protected static async Task<List<GenreUpdate>> ReadAsync(IGenreStream stream)
    {
        var updates = new List<GenreUpdate>();
        await foreach (var update in stream.Updates.ReadAllAsync())
        {
            updates.Add(update);
        }

        return updates;
    }
}

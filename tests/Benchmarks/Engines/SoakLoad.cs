using System.Collections.Concurrent;
using System.Threading.Channels;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Benchmarks.Engines;

/// <summary>The streams of a soak: one method a kind, each run again and again, side by side.</summary>
internal sealed partial class SoakLoad(IGenreEngine engine, Music music)
{
    private const int PieceSeconds = 12;
    private const int Pieces = 6;

    // ONNX Runtime's sums may depend in the last bits on which windows share a batch.
    private const float Tolerance = 1e-4f;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<(byte[] Pcm, List<GenreUpdate> Expected)> _pieces = [];

    /// <summary>What was not as it must be.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>Streams by kind.</summary>
    public string Counts() => string.Join(", ", _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));

    /// <summary>Has the in-box engine say what the whole streams must give.</summary>
    public async Task PrepareAsync(IGenreClassifier classifier)
    {
        await using var reference = new GenrePipeline(classifier, new BatchingOptions(), TimeProvider.System);
        for (var piece = 0; piece < Pieces; piece++)
        {
            var pcm = music.Cut(piece * 11, PieceSeconds);
            await using var stream = reference.Open(music.Stream("whole"));
            var reading = ReadAsync(stream.Updates);
            await stream.WriteAsync(pcm);
            await stream.CompleteAsync();
            _pieces.Add((pcm, await reading));
        }
    }

    /// <summary>Starts every kind.</summary>
    public List<Task> StartAll(CancellationToken over)
    {
        List<(string Kind, int Number, Func<Random, Task> Run)> kinds =
        [
            ("whole", 6, WholeAsync),
            ("slow reader", 2, SlowReaderAsync),
            ("cancelled", 2, CancelledAsync),
            ("given up", 2, GivenUpAsync),
            ("garbage", 2, GarbageAsync),
            ("cut sample", 1, CutSampleAsync),
            ("drops", 1, DropsAsync),
            .. OwnKinds(),
        ];
        return [.. kinds.SelectMany(kind => Enumerable.Range(0, kind.Number).Select(i => Task.Run(() => RepeatAsync(kind.Kind, kind.Run, i, over))))];
    }

    private async Task RepeatAsync(string kind, Func<Random, Task> run, int seed, CancellationToken over)
    {
        var random = new Random(seed + kind.Length);
        while (!over.IsCancellationRequested)
        {
            try
            {
                await run(random).WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None);
            }
            catch (Exception error)
            {
                Wrong.Enqueue($"{kind}: {error}");
            }

            _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);

            // Low load: the machine is others' too.
            await Task.Delay(random.Next(200, 1200), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends as it should; every update is compared.</summary>
    private async Task WholeAsync(Random random)
    {
        var (pcm, expected) = _pieces[random.Next(Pieces)];
        await using var stream = engine.Open(music.Stream("whole"));
        var reading = ReadAsync(stream.Updates);
        for (var from = 0; from < pcm.Length;)
        {
            var length = Math.Min(pcm.Length - from, random.Next(1, music.BytesPerSecond));
            await stream.WriteAsync(pcm.AsMemory(from, length));
            from += length;
            await Task.Delay(random.Next(40));
        }

        await stream.CompleteAsync();
        Compare(expected, await reading);
    }

    /// <summary>Reads so slowly that the writer must wait; nothing may be lost.</summary>
    private async Task SlowReaderAsync(Random random)
    {
        var (pcm, expected) = _pieces[random.Next(Pieces)];
        await using var stream = engine.Open(music.Stream("slow") with { MaxPendingWindows = random.Next(1, 4) });
        var writing = Task.Run(async () =>
        {
            await stream.WriteAsync(pcm);
            await stream.CompleteAsync();
        });
        var updates = new List<GenreUpdate>();
        await foreach (var update in stream.Updates.ReadAllAsync())
        {
            updates.Add(update);
            await Task.Delay(random.Next(100));
        }

        await writing;
        Compare(expected, updates);
    }

    /// <summary>A client that cancels in the middle of a write.</summary>
    private async Task CancelledAsync(Random random)
    {
        await using var stream = engine.Open(music.Stream("cancelled") with { MaxPendingWindows = 2 });
        using var cancel = new CancellationTokenSource(random.Next(1, 300));
        try
        {
            await stream.WriteAsync(_pieces[0].Pcm, cancel.Token);
            Wrong.Enqueue("cancelled: the write ended without a reader");
        }
        catch (OperationCanceledException)
        {
            // As it must be: nobody reads, so it waits until it is cancelled.
        }
    }

    /// <summary>A client that vanishes: its stream is disposed of while it writes.</summary>
    private async Task GivenUpAsync(Random random)
    {
        var stream = engine.Open(music.Stream("given-up"));
        var writing = stream.WriteAsync(_pieces[1].Pcm).AsTask();
        await Task.Delay(random.Next(200));
        await stream.DisposeAsync();
        await writing.ContinueWith(static t => t.Exception, TaskScheduler.Default);
    }

    /// <summary>Random bytes, as floats of any kind among others; whatever comes of it, every update's scores are numbers.</summary>
    private async Task GarbageAsync(Random random)
    {
        await using var stream = engine.Open(music.Stream("garbage") with { Format = new PcmFormat((PcmEncoding)random.Next(3), 44_100, 1 + random.Next(8)) });
        var reading = ReadAsync(stream.Updates);
        try
        {
            var bytes = new byte[stream.Options.Format.BytesPerFrame * 44_100];
            for (var i = 0; i < 5; i++)
            {
                random.NextBytes(bytes);
                await stream.WriteAsync(bytes);
            }

            await stream.CompleteAsync();
        }
        catch (ClassificationException)
        {
            // A model may refuse what garbage gives.
        }

        try
        {
            if ((await reading).Exists(update => update.RollingScores.ToArray().Any(score => !float.IsFinite(score))))
            {
                Wrong.Enqueue("garbage: a score is no number");
            }
        }
        catch (ClassificationException)
        {
            // The same.
        }
    }

    /// <summary>Audio that ends inside a sample.</summary>
    private async Task CutSampleAsync(Random random)
    {
        await using var stream = engine.Open(music.Stream("cut"));
        var reading = ReadAsync(stream.Updates);
        await stream.WriteAsync(_pieces[2].Pcm.AsMemory(0, (music.BytesPerSecond * random.Next(1, 6)) + 1));
        try
        {
            await stream.CompleteAsync();
            Wrong.Enqueue("cut sample: it was accepted");
        }
        catch (IncompleteSampleException)
        {
            await reading.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>A burst under DropOldest: it may lose windows, but counts them, and its numbers have no gap.</summary>
    private async Task DropsAsync(Random random)
    {
        await using var stream = engine.Open(music.Stream("drops") with { Overload = OverloadPolicy.DropOldest, MaxPendingWindows = 2 });
        var reading = ReadAsync(stream.Updates);
        await stream.WriteAsync(_pieces[random.Next(Pieces)].Pcm);
        await stream.CompleteAsync();
        var updates = await reading;
        if (updates.Count + updates[^1].DroppedWindows != _pieces[0].Expected.Count || updates.Where((update, i) => update.Sequence != i + 1).Any())
        {
            Wrong.Enqueue($"drops: {updates.Count} updates and {updates[^1].DroppedWindows} dropped of {_pieces[0].Expected.Count}");
        }
    }

    private void Compare(List<GenreUpdate> expected, List<GenreUpdate> actual)
    {
        if (expected.Count != actual.Count)
        {
            Wrong.Enqueue($"{actual.Count} updates instead of {expected.Count}");
            return;
        }

        foreach (var (e, a) in expected.Zip(actual))
        {
            var same = (e.Sequence, e.WindowStart, e.WindowEnd, e.State, e.SmoothedDuration) == (a.Sequence, a.WindowStart, a.WindowEnd, a.State, a.SmoothedDuration)
                && Near(e.WindowScores.Span, a.WindowScores.Span) && Near(e.RollingScores.Span, a.RollingScores.Span);
            if (!same)
            {
                Wrong.Enqueue($"update {a.Sequence} at {a.WindowEnd} is not what it must be");
            }
        }
    }

    private static bool Near(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var near = a.Length == b.Length;
        for (var i = 0; near && i < a.Length; i++)
        {
            near = Math.Abs(a[i] - b[i]) <= Tolerance;
        }

        return near;
    }

    private static async Task<List<GenreUpdate>> ReadAsync(ChannelReader<GenreUpdate> reader)
    {
        var updates = new List<GenreUpdate>();
        await foreach (var update in reader.ReadAllAsync())
        {
            updates.Add(update);
        }

        return updates;
    }
}

using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>What every engine promises; each engine's test class runs all of it.</summary>
public abstract class GenreEngineTests
{
    private const int RateHz = 8_000;
    private static readonly PcmFormat Mono = new(PcmEncoding.S16Le, RateHz, 1);
    private static readonly TimeSpan HalfSecond = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task Updates_OneStream_CarryEverythingInOrder()
    {
        await using var engine = await EngineAsync();
        var updates = await ClassifyAsync(engine, Options("radio/one"), Tone(4, 440));

        // Windows of 0.5 s every 0.5 s over 4 s, then the end.
        Assert.Equal(9, updates.Count);
        for (var i = 0; i < 8; i++)
        {
            var update = updates[i];
            Assert.Equal("radio/one", update.StreamId);
            Assert.Equal(i + 1, update.Sequence);
            Assert.Equal(HalfSecond * i, update.WindowStart);
            Assert.Equal(HalfSecond * (i + 1), update.WindowEnd);
            Assert.Equal(4, update.WindowScores.Length);
            Assert.Equal(1, update.WindowScores.ToArray().Sum(), 1e-5);
            Assert.Equal(1, update.RollingScores.ToArray().Sum(), 1e-5);
            Assert.Equal(HalfSecond * Math.Min(i + 1, 4), update.SmoothedDuration);
            Assert.Equal(i < 3 ? StreamState.WarmingUp : StreamState.Live, update.State);
            Assert.Equal(engine.Contract.Labels[Array.IndexOf(update.RollingScores.ToArray(), update.RollingScores.ToArray().Max())], update.TopGenre);
            Assert.Equal(0, update.DroppedWindows);
            Assert.True(update.ProcessingLatency >= TimeSpan.Zero);
            Assert.InRange(update.Confidence, update.RollingScores.ToArray().Max() - 1e-5f, 1);
            Assert.InRange(update.Entropy, 0, 1);
            Assert.InRange(update.Time, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow);

            // Announced once it has held for three windows.
            Assert.Equal(i < 2 ? "" : update.TopGenre, update.AnnouncedGenre);
            Assert.Equal(i == 2 ? "" : null, update.AnnouncedBefore);
            Assert.Equal("1.2.3", update.Model.Version);
        }

        var last = updates[8];
        Assert.Equal(StreamState.Ended, last.State);
        Assert.Equal(9, last.Sequence);
        Assert.Equal(TimeSpan.FromSeconds(4), last.WindowEnd);
        Assert.True(last.WindowScores.IsEmpty);
        Assert.Equal(updates[7].RollingScores.ToArray(), last.RollingScores.ToArray());
        Assert.Equal(updates[7].TopGenre, last.TopGenre);
        Assert.Equal((updates[7].Confidence, updates[7].Entropy, updates[7].AnnouncedGenre), (last.Confidence, last.Entropy, last.AnnouncedGenre));
        Assert.Null(last.AnnouncedBefore);
    }

    [Fact]
    public async Task Updates_LowAndHighTone_NameTheBandTheyLieIn()
    {
        await using var engine = await EngineAsync();
        var low = await ClassifyAsync(engine, Options("low"), Tone(2, 150));
        var high = await ClassifyAsync(engine, Options("high"), Tone(2, 3_500));
        Assert.Equal("bass", low[^1].TopGenre);
        Assert.Equal("treble", high[^1].TopGenre);
    }

    [Fact]
    public async Task Updates_AnyChunking_AreTheSame()
    {
        await using var engine = await EngineAsync();
        var pcm = Tone(5, 600);
        var whole = await ClassifyAsync(engine, Options("s"), pcm);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var cut = ClassifyAsync(engine, Options("s"), pcm, new Random(seed)).GetAwaiter().GetResult();
            Assert.Equal(whole.Count, cut.Count);
            foreach (var (a, b) in whole.Zip(cut))
            {
                Assert.True(a.WindowScores.Span.SequenceEqual(b.WindowScores.Span));
                Assert.True(a.RollingScores.Span.SequenceEqual(b.RollingScores.Span));
                Assert.Equal((a.Sequence, a.WindowStart, a.WindowEnd, a.State), (b.Sequence, b.WindowStart, b.WindowEnd, b.State));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    [Fact]
    public async Task Updates_ManyStreamsAtOnce_EachGetsWhatItGetsAlone()
    {
        await using var engine = await EngineAsync(new BatchingOptions { Lanes = 3, MaxBatch = 5, MaxDelay = TimeSpan.FromMilliseconds(2) });
        var alone = new List<List<GenreUpdate>>();
        for (var s = 0; s < 12; s++)
        {
            alone.Add(await ClassifyAsync(engine, Options($"s{s}"), Tone(6, 100 + (300 * s))));
        }

        var together = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(s => Task.Run(() => ClassifyAsync(engine, Options($"s{s}"), Tone(6, 100 + (300 * s)), new Random(s)))));
        for (var s = 0; s < 12; s++)
        {
            Assert.Equal(
                alone[s].Select(u => (u.StreamId, u.Sequence, u.State, string.Join(',', u.RollingScores.ToArray()))),
                together[s].Select(u => (u.StreamId, u.Sequence, u.State, string.Join(',', u.RollingScores.ToArray()))));
        }

        var statistics = engine.Statistics;
        Assert.Equal(24 * 12, statistics.ClassifiedWindows);
        Assert.Equal(0, statistics.OpenStreams);
        Assert.Equal(0, statistics.QueuedWindows);
        Assert.True(statistics.FrontEndTime > TimeSpan.Zero && statistics.InferenceTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Updates_SilenceInTheMiddle_IsNotClassified()
    {
        await using var engine = await EngineAsync();
        byte[] pcm = [.. Tone(2, 440), .. new byte[2 * RateHz * 3], .. Tone(1, 440)];
        var updates = await ClassifyAsync(engine, Options("s"), pcm);
        Assert.Equal(13, updates.Count);
        var silent = updates.Where(u => u.State == StreamState.Silent).ToList();
        Assert.Equal(Enumerable.Range(5, 6).Select(s => (long)s), silent.Select(u => u.Sequence));
        Assert.All(silent, u => Assert.True(u.WindowScores.IsEmpty));
        Assert.Equal([1.5, 1, 0.5, 0, 0, 0], silent.Select(u => u.SmoothedDuration.TotalSeconds));
        Assert.Equal([4, 4, 4, 0, 0, 0], silent.Select(u => u.RollingScores.Length));

        // Nothing is top or announced from the first silent window on, and what was heard fades in equal steps.
        Assert.All(silent, u => Assert.Equal(("", ""), (u.TopGenre, u.AnnouncedGenre)));
        Assert.Equal("bass", updates[3].AnnouncedGenre);
        Assert.Equal(["bass", null, null, null, null, null], silent.Select(u => u.AnnouncedBefore));
        Assert.Equal([0.75, 0.5, 0.25, 0, 0, 0], silent.Select(u => Math.Round(u.RollingScores.ToArray().Sum(), 5)));
        Assert.True(silent[0].Confidence > silent[1].Confidence && silent[1].Confidence > silent[2].Confidence && silent[2].Confidence > 0);
        Assert.Equal((0, 1), (silent[^1].Confidence, silent[^1].Entropy));
        Assert.Equal(1, updates[10].RollingScores.ToArray().Sum(), 1e-5);
        Assert.Equal(StreamState.WarmingUp, updates[10].State);
        Assert.Equal(6, engine.Statistics.SilentWindows);
        Assert.Equal(6, engine.Statistics.ClassifiedWindows);
    }

    [Fact]
    public async Task Updates_LevelBetweenTheTwoOfTheGate_StaysWhatItWas()
    {
        await using var engine = await EngineAsync();
        var options = Options("s") with { Silence = new SilenceOptions { CloseDbfs = -40, OpenDbfs = -20 } };

        // A sine of 1000 reads -33 dBFS, of 12,000 -12.
        byte[] pcm = [.. Tone(1, 440, 1000), .. new byte[2 * RateHz], .. Tone(1, 440, 1000), .. Tone(1, 440), .. Tone(1, 440, 1000)];
        var updates = await ClassifyAsync(engine, options, pcm);
        Assert.Equal(
            [false, false, true, true, true, true, false, false, false, false],
            updates.SkipLast(1).Select(u => u.State == StreamState.Silent));
    }

    [Fact]
    public async Task Updates_AudioEndsInsideAWindow_TheRestComesBeforeTheEnd()
    {
        await using var engine = await EngineAsync();
        var updates = await ClassifyAsync(engine, Options("s"), Tone(1.3, 440));
        Assert.Equal([0.5, 1, 1.3, 1.3], updates.Select(u => u.WindowEnd.TotalSeconds));
        Assert.Equal([4, 4, 4, 0], updates.Select(u => u.WindowScores.Length));
        Assert.Equal([0.5, 1, 1.3, 1.3], updates.Select(u => u.SmoothedDuration.TotalSeconds));
        Assert.Equal(StreamState.Ended, updates[^1].State);
    }

    [Fact]
    public async Task Updates_NoAudio_IsOneEndedUpdate()
    {
        await using var engine = await EngineAsync();
        var update = Assert.Single(await ClassifyAsync(engine, Options("s"), []));
        Assert.Equal(StreamState.Ended, update.State);
        Assert.Equal(TimeSpan.Zero, update.WindowEnd);
        Assert.True(update.RollingScores.IsEmpty);
    }

    [Fact]
    public async Task ProcessingLatency_ClockMovesWhileTheModelRuns_IsThatMuch()
    {
        var time = new ManualTimeProvider();
        var classifier = new BandClassifier(TestContracts.Small) { Before = _ => time.Advance(TimeSpan.FromMilliseconds(7)) };
        await using var engine = await StartAsync(classifier, new BatchingOptions { Lanes = 1 }, time);
        var updates = await ClassifyAsync(engine, Options("s"), Tone(0.5, 440));
        Assert.Equal(7, updates[0].ProcessingLatency.TotalMilliseconds);
    }

    [Fact]
    public async Task WriteAsync_ReaderStandsStill_WaitsAndLosesNothing()
    {
        await using var engine = await EngineAsync();
        await using var stream = engine.Open(Options("s") with { MaxPendingWindows = 3 });
        var writing = Task.Run(async () =>
        {
            await stream.WriteAsync(Tone(20, 440));
            await stream.CompleteAsync();
        });
        await Until.True(() => stream.Updates.Count == 3, "as many updates as may wait");
        Assert.False(writing.IsCompleted);
        Assert.True(stream.AudioTime < TimeSpan.FromSeconds(5), "the file is taken in second by second");
        var updates = await ReadAsync(stream);
        await writing.WaitAsync(Until.Patience);
        Assert.Equal(41, updates.Count);
        Assert.Equal(Enumerable.Range(1, 41).Select(s => (long)s), updates.Select(u => u.Sequence));
    }

    [Fact]
    public async Task WriteAsync_DropOldestWithABusyModel_NeverWaitsAndCountsInTheUpdates()
    {
        using var gate = new ManualResetEventSlim();
        var classifier = new BandClassifier(TestContracts.Small) { Before = _ => Assert.True(gate.Wait(Until.Patience)) };
        await using var engine = await StartAsync(classifier, new BatchingOptions { Lanes = 1 }, TimeProvider.System);
        await using var stream = engine.Open(Options("s") with { Overload = OverloadPolicy.DropOldest, MaxPendingWindows = 4 });
        await stream.WriteAsync(Tone(0.5, 440));
        await Until.True(() => classifier.Calls == 1, "the lane to take the first window");
        await stream.WriteAsync(Tone(10, 440));
        Assert.Equal(17, stream.DroppedWindows);
        gate.Set();
        await stream.CompleteAsync().AsTask().WaitAsync(Until.Patience);
        var updates = await ReadAsync(stream);
        Assert.Equal([0, 9, 9.5, 10, 10.5], updates.Select(u => u.WindowStart.TotalSeconds));
        Assert.Equal([1, 2, 3, 4, 5], updates.Select(u => u.Sequence));
        Assert.Equal(17, updates[^1].DroppedWindows);
        Assert.Equal(17, engine.Statistics.DroppedWindows);
    }

    [Fact]
    public async Task CompleteAsync_AudioEndsInsideASample_SaysHowManyBytesAreMissing()
    {
        await using var engine = await EngineAsync();
        await using var stream = engine.Open(Options("s") with { Format = new PcmFormat(PcmEncoding.F32Le, RateHz, 2) });
        await stream.WriteAsync(new byte[13]);
        var error = await Assert.ThrowsAsync<IncompleteSampleException>(() => stream.CompleteAsync().AsTask());
        Assert.Equal((5, 8), (error.StrayBytes, error.FrameBytes));
        Assert.Contains("5 of the 8 bytes", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IncompleteSampleException>(() => ReadAsync(stream));
    }

    [Fact]
    public async Task WriteAsync_ModelFails_TheErrorReachesWriterReaderAndCompletion()
    {
        var classifier = new BandClassifier(TestContracts.Small) { Before = _ => throw new InvalidOperationException("broken model") };
        await using var engine = await StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        await using var stream = engine.Open(Options("s"));
        await stream.WriteAsync(Tone(0.5, 440));
        var seen = await Assert.ThrowsAsync<ClassificationException>(() => ReadAsync(stream));
        Assert.Contains("broken model", seen.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClassificationException>(() => stream.WriteAsync(Tone(1, 440)).AsTask());
        await Assert.ThrowsAsync<ClassificationException>(() => stream.CompleteAsync().AsTask());
        Assert.Equal(0, engine.Statistics.OpenStreams);
    }

    [Fact]
    public async Task WriteAsync_AfterCompletionOrTwiceAtOnce_Throws()
    {
        await using var engine = await EngineAsync();
        await using var stream = engine.Open(Options("s") with { MaxPendingWindows = 1 });
        var first = stream.WriteAsync(Tone(5, 440)).AsTask();
        Assert.False(first.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync(new byte[2]).AsTask());
        var reading = ReadAsync(stream);
        await first;
        await stream.CompleteAsync();
        await reading;
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync(new byte[2]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.CompleteAsync().AsTask());
    }

    [Fact]
    public async Task DisposeAsync_StreamStillOpen_EndsItsUpdatesWithoutAnEndedOne()
    {
        await using var engine = await EngineAsync();
        var stream = engine.Open(Options("s"));
        await stream.WriteAsync(Tone(1, 440));
        await Until.True(() => stream.Updates.Count == 2, "two updates");
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        var updates = await ReadAsync(stream);
        Assert.Equal([StreamState.WarmingUp, StreamState.WarmingUp], updates.Select(u => u.State));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.WriteAsync(Tone(1, 440)).AsTask());
        Assert.Equal(0, engine.Statistics.OpenStreams);
    }

    [Fact]
    public async Task DisposeAsync_EngineWithOpenStreams_EndsThemWithTheReason()
    {
        var engine = await EngineAsync();
        await using var stream = engine.Open(Options("s"));
        await stream.WriteAsync(Tone(1, 440));
        await engine.DisposeAsync();
        await engine.DisposeAsync();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(stream));
        Assert.Contains("shutting down", error.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => engine.Open(Options("t")));
    }

    [Fact]
    public async Task DisposeAsync_EngineWithAWriterThatWaits_LetsItGoWithTheReason()
    {
        using var gate = new ManualResetEventSlim();
        var classifier = new BandClassifier(TestContracts.Small) { Before = _ => Assert.True(gate.Wait(Until.Patience)) };
        var engine = await StartAsync(classifier, new BatchingOptions { Lanes = 1, MaxBatch = 1, QueueCapacity = 1 }, TimeProvider.System);
        await using var stream = engine.Open(Options("s"));
        var writing = stream.WriteAsync(Tone(5, 440)).AsTask();
        await Until.True(() => classifier.Calls == 1 && engine.Statistics.QueuedWindows >= 1, "the lane to be busy and windows to wait");
        var disposing = engine.DisposeAsync();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => writing.WaitAsync(Until.Patience));
        Assert.Contains("shutting down", error.Message, StringComparison.Ordinal);
        gate.Set();
        await disposing;
    }

    [Fact]
    public async Task Open_EverythingWrong_ListsAllErrors()
    {
        await using var engine = await EngineAsync();
        var error = Assert.Throws<StreamOptionsException>(() => engine.Open(new GenreStreamOptions
        {
            StreamId = "a b",
            Format = new PcmFormat(PcmEncoding.S16Le, 4_000, 9),
            WindowHop = TimeSpan.FromSeconds(31),
            Smoothing = new SmoothingOptions { Window = TimeSpan.Zero },
            Overload = (OverloadPolicy)5,
            Silence = new SilenceOptions { CloseDbfs = double.NaN },
            MaxPendingWindows = 0,
        }));
        Assert.Equal(8, error.Errors.Count);
        foreach (var part in new[] { "stream_id holds ' '", "4000 Hz", "9 channels", "window_hop is 31 s", "smoothing.window is 0 s", "overload_policy is 5", "silence.close_dbfs is NaN", "max_pending_windows is 0" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Starts the engine under test; disposing of it stops all that was started.</summary>
    private protected abstract Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time);

    private Task<IGenreEngine> EngineAsync(BatchingOptions? batching = null)
        => StartAsync(new BandClassifier(TestContracts.Small), batching ?? new BatchingOptions { Lanes = 2 }, TimeProvider.System);

    private static GenreStreamOptions Options(string id) => new()
    {
        StreamId = id,
        Format = Mono,
        WindowHop = HalfSecond,
        Smoothing = new SmoothingOptions { Window = TimeSpan.FromSeconds(2) },
    };

    /// <summary>A sine with a little seeded noise, s16le.</summary>
    private static byte[] Tone(double seconds, double hz, double amplitude = 12_000)
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, (int)(seconds * RateHz))
            .Select(i => (short)((amplitude * Math.Sin(2 * Math.PI * hz * i / RateHz)) + (200 * random.NextDouble())))
            .ToArray();
        return MemoryMarshal.AsBytes<short>(samples).ToArray();
    }

    private static async Task<List<GenreUpdate>> ClassifyAsync(IGenreEngine engine, GenreStreamOptions options, byte[] pcm, Random? cuts = null)
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

    private static async Task<List<GenreUpdate>> ReadAsync(IGenreStream stream)
    {
        var updates = new List<GenreUpdate>();
        await foreach (var update in stream.Updates.ReadAllAsync())
        {
            updates.Add(update);
        }

        return updates;
    }
}

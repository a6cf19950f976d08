using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>What the updates of every engine say: the windows, their scores and the smoothed ones, the states, the times.</summary>
public abstract class EngineUpdateTests<TEngine> : EngineTests<TEngine>
    where TEngine : IEngineUnderTest
{
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
}

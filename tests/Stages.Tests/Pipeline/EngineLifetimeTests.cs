using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>How streams of every engine, and the engine itself, are opened and disposed of.</summary>
public abstract class EngineLifetimeTests<TEngine> : EngineTests<TEngine>
    where TEngine : IEngineUnderTest
{
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
        foreach (var part in new[] { "stream id holds ' '", "4000 Hz", "9 channels", "window_hop is 31 s", "smoothing.window is 0 s", "overload_policy is 5", "silence.close_dbfs is NaN", "max_pending_windows is 0" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
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
        var engine = await StartAsync(classifier, new BatchingOptions { Lanes = 1, MaxBatch = 1, QueueCapacity = 1 });
        await using var stream = engine.Open(Options("s"));
        var writing = stream.WriteAsync(Tone(5, 440)).AsTask();
        await Until.True(() => classifier.Calls == 1 && engine.Statistics.QueuedWindows >= 1, "the lane to be busy and windows to wait");
        var disposing = engine.DisposeAsync();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => writing.WaitAsync(Until.Patience));
        Assert.Contains("shutting down", error.Message, StringComparison.Ordinal);
        gate.Set();
        await disposing;
    }
}

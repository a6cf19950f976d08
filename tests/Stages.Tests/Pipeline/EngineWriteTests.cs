using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>What every engine promises to a stream's writer: back-pressure or dropping, nothing lost, errors told.</summary>
public abstract class EngineWriteTests<TEngine> : EngineTests<TEngine>
    where TEngine : IEngineUnderTest
{
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
        await using var engine = await StartAsync(classifier, new BatchingOptions { Lanes = 1 });
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
        await using var engine = await StartAsync(classifier, new BatchingOptions());
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
}

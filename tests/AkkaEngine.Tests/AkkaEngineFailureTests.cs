using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.AkkaEngine.Tests;

public sealed class AkkaEngineFailureTests
{
    [Fact]
    public async Task StopAsync_HostStopsWithOpenStreams_EndsThemAndTurnsUnhealthy()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        Assert.Equal(HealthStatus.Healthy, (await akka.Health.CheckHealthAsync()).Status);
        await using var stream = akka.Open(Sound.Options("s"));
        await stream.WriteAsync(Sound.Noise(0, 1));
        await akka.StopAsync();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => Sound.ReadAsync(stream.Updates).WaitAsync(Until.Patience));
        Assert.Contains("shutting down", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.WriteAsync(new byte[2]).AsTask().WaitAsync(Until.Patience));
        await using var late = akka.Open(Sound.Options("t"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late.WriteAsync(new byte[2]).AsTask().WaitAsync(Until.Patience));
        Assert.Equal(HealthStatus.Unhealthy, (await akka.Health.CheckHealthAsync()).Status);
        Assert.Equal(0, akka.Statistics.OpenStreams);
    }

    [Fact]
    public async Task Graph_BatchesFailByABug_EndsTheSessionsLogsAndServesTheNext()
    {
        using var logs = new LogCatcher();
        var time = new FailingTimeProvider();
        using var gate = new ManualResetEventSlim();
        using var classifier = new BandClassifier(TestContracts.Small);
        classifier.Before = _ => Assert.True(gate.Wait(Until.Patience));
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions { Lanes = 2, MaxDelay = TimeSpan.FromSeconds(1) }, time, logs);
        await using var idle = akka.Open(Sound.Options("idle"));
        await using var first = akka.Open(Sound.Options("first"));
        await using var hit = akka.Open(Sound.Options("hit"));
        await first.WriteAsync(Sound.Noise(0, 0.5));
        await Until.True(() => classifier.Calls == 1, "a lane at work");
        time.FailNextTimer();

        // On the last free lane one window of three open streams waits for the others': the batches' timer is set, and fails.
        await hit.WriteAsync(Sound.Noise(0, 0.5));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Sound.ReadAsync(hit.Updates).WaitAsync(Until.Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Sound.ReadAsync(idle.Updates).WaitAsync(Until.Patience));
        await Until.True(() => logs.Lines.Any(line => line.Contains("ended by itself", StringComparison.Ordinal)), "the host's log to say so");
        gate.Set();

        var expected = 3;
        List<GenreUpdate>? updates = null;
        for (var attempt = 0; updates is null && attempt < 100; attempt++)
        {
            // A stream opened while the actor begins anew may still be one of those that end.
            try
            {
                updates = await Sound.ClassifyAsync(akka, Sound.Options("next"), Sound.Noise(0, 1), 1).WaitAsync(Until.Patience);
            }
            catch (ObjectDisposedException)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(expected, updates?.Count);
        Assert.Equal(HealthStatus.Healthy, (await akka.Health.CheckHealthAsync()).Status);
    }

    [Fact]
    public async Task Classify_OneStreamsScoresAreNaN_EndsThatStreamAlone()
    {
        using var classifier = new NaNForDeadAir();
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        var healthy = Enumerable.Range(0, 4).Select(s => Sound.ClassifyAsync(akka, Sound.Options($"s{s}"), Sound.Noise(s, 10), s)).ToList();
        await using var broken = akka.Open(Sound.Options("nan") with { Silence = new StreamGenre.Stages.Windowing.SilenceOptions { CloseDbfs = -200 } });
        var reading = Sound.ReadAsync(broken.Updates);
        try
        {
            await broken.WriteAsync(new byte[2 * Sound.RateHz]);
            await broken.CompleteAsync();
        }
        catch (ClassificationException)
        {
            // It may hear of it here already.
        }

        await Assert.ThrowsAsync<ClassificationException>(() => reading.WaitAsync(Until.Patience));
        Assert.All(await Task.WhenAll(healthy), updates => Assert.Equal(21, updates.Count));
        Assert.Equal(0, akka.Statistics.OpenStreams);
        Assert.Equal(0, akka.Statistics.QueuedWindows);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_EndsTheStreamAndLeavesTheBytesAlone()
    {
        using var gate = new ManualResetEventSlim();
        using var classifier = new BandClassifier(TestContracts.Small) { Before = _ => Assert.True(gate.Wait(Until.Patience)) };
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions { Lanes = 1, MaxBatch = 1 }, TimeProvider.System);
        await using var stream = akka.Open(Sound.Options("s") with { MaxPendingWindows = 1 });
        using var cancel = new CancellationTokenSource();
        var writing = stream.WriteAsync(Sound.Noise(0, 3), cancel.Token).AsTask();
        await Until.True(() => classifier.Calls == 1, "the lane to be busy");
        Assert.False(writing.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Until.Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sound.ReadAsync(stream.Updates).WaitAsync(Until.Patience));
        Assert.True(stream.AudioTime <= TimeSpan.FromSeconds(2));
        gate.Set();
    }

    [Fact]
    public async Task FollowAsync_OpenStream_GivesWhatTheOwnerGets()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => akka.Engine.FollowAsync("s"));
        await using var stream = akka.Open(Sound.Options("s"));
        using var system = ActorSystem.Create("follower");
        var materializer = system.Materializer();
        var source = await akka.Engine.FollowAsync("s");

        // One that keeps up, and one that never reads on: it must hold up neither the owner nor the other.
        var first = new TaskCompletionSource();
        var seen = new ConcurrentQueue<GenreUpdate>();
        var following = source.RunForeach(update => { seen.Enqueue(update); first.TrySetResult(); }, materializer);
        var stuck = new TaskCompletionSource<int>();
        var blocked = (await akka.Engine.FollowAsync("s")).SelectAsync(1, _ => stuck.Task).RunWith(Sink.Ignore<int>(), materializer);
        var owner = Sound.ReadAsync(stream.Updates);
        while (!first.Task.IsCompleted)
        {
            await stream.WriteAsync(Sound.Noise(0, 0.5));
        }

        await stream.WriteAsync(Sound.Noise(1, 60));
        await stream.CompleteAsync().AsTask().WaitAsync(Until.Patience);
        var all = (await owner).Select(Sound.Text).ToList();
        stuck.SetResult(0);
        await following.WaitAsync(Until.Patience);
        await blocked.WaitAsync(Until.Patience);
        Assert.Equal(all[^1], Sound.Text(seen.Last()));
        Assert.Equal(StreamState.Ended, seen.Last().State);
        Assert.Subset(all.ToHashSet(), seen.Select(Sound.Text).ToHashSet());
        Assert.Equal(seen.Select(update => update.Sequence).Order(), seen.Select(update => update.Sequence));
    }

    /// <summary>A model whose scores of digital silence are no numbers.</summary>
    private sealed class NaNForDeadAir : IGenreClassifier
    {
        private readonly BandClassifier _inner = new(TestContracts.Small);

        public ModelContract Contract => _inner.Contract;

        public string ExecutionProvider => _inner.ExecutionProvider;

        public void Classify(MelBatch batch)
        {
            _inner.Classify(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                var scores = batch.Scores(i);
                if (!scores.ContainsAnyExcept(scores[0]))
                {
                    scores.Fill(float.NaN);
                }
            }
        }

        public void Dispose() => _inner.Dispose();
    }

    private sealed class FailingTimeProvider : TimeProvider
    {
        private int _fail;

        // Stands still: however slow the machine, the batch has yet to wait.
        public override long GetTimestamp() => 0;

        public void FailNextTimer() => Volatile.Write(ref _fail, 1);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new FailingTimer(this, System.CreateTimer(callback, state, dueTime, period));

        private sealed class FailingTimer(FailingTimeProvider owner, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => Interlocked.Exchange(ref owner._fail, 0) == 0
                ? inner.Change(dueTime, period)
                : throw new InvalidOperationException("a broken timer");

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }

    private sealed class LogCatcher : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

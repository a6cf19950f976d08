using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using FsCheck;
using FsCheck.Fluent;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.AkkaEngine.Tests.Graph;

/// <summary>The stage that gathers batches: it loses nothing, holds nothing that no lane waits for, and knows when to wait.</summary>
public sealed class BatchStageTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("batches");
    private readonly ManualTimeProvider _time = new();
    private readonly PipelineCounters _counters = new(8);
    private readonly WaitingCount _waiting = new();
    private readonly BandClassifier _classifier = new(TestContracts.Small);
    private readonly ActorMaterializer _materializer;

    public BatchStageTests() => _materializer = _system.Materializer();

    public void Dispose()
    {
        _system.Dispose();
        _classifier.Dispose();
    }

    [Fact]
    public async Task OnPush_NoLaneIsFree_WindowsStayWithTheirSession()
    {
        var lane = new TaskCompletionSource();
        var taken = 0;
        var (turns, done) = Run(new BatchingOptions { MaxBatch = 1 }, batch =>
        {
            taken += batch.Count;
            return lane.Task;
        });
        var session = Session();
        for (var i = 0; i < 5; i++)
        {
            session.Add(Window(i));
            await turns.OfferAsync(session);
        }

        await Until.True(() => _waiting.Value == 4, "the lane to take one window");

        // What was dropped now was still the session's to drop, and its turn serves the next.
        Assert.Equal(1, session.DropOldest()!.Start.TotalSeconds);
        session.Add(Window(9));
        lane.SetResult();
        turns.Complete();
        await done.WaitAsync(Until.Patience);
        Assert.Equal(5, taken);
        Assert.Equal(0, _waiting.Value);
    }

    [Fact]
    public async Task OnPush_LanesAreIdle_GoesAtOnce()
    {
        var taken = 0;
        var (turns, done) = Run(new BatchingOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromSeconds(1) }, batch =>
        {
            taken += batch.Count;
            return Task.CompletedTask;
        });
        OpenStreams(3);
        var session = Session();
        session.Add(Window(0));
        await turns.OfferAsync(session);
        await Until.True(() => taken == 1, "the window, on a clock that stands still");
        turns.Complete();
        await done.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task OnPush_TheLastFreeLane_WaitsForTheDelayAndNoLonger()
    {
        var sizes = new ConcurrentQueue<int>();
        var busy = new TaskCompletionSource();
        var options = new BatchingOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromMilliseconds(20) };
        var (turns, done) = Run(options, async batch =>
        {
            sizes.Enqueue(batch.Count);
            if (sizes.Count == 1)
            {
                await busy.Task;
            }
        });
        OpenStreams(3);
        var session = Session();
        session.Add(Window(0));
        await turns.OfferAsync(session);
        await Until.True(() => sizes.Count == 1, "a lane at work");
        session.Add(Window(1));
        await turns.OfferAsync(session);
        await Until.True(() => _time.ArmedTimers == 1, "the delay to run");
        session.Add(Window(2));
        await turns.OfferAsync(session);
        await Until.True(() => _waiting.Value == 0, "the second window to join");
        Assert.Single(sizes);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await Until.True(() => sizes.Count == 2, "the batch");
        Assert.Equal([1, 2], sizes);
        busy.SetResult();
        turns.Complete();
        await done.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task OnPush_AnotherLaneComesBack_WaitsNoLonger()
    {
        var taken = 0;
        var busy = new TaskCompletionSource();
        var (turns, done) = Run(new BatchingOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromSeconds(1) }, batch =>
        {
            taken += batch.Count;
            return taken == 1 ? busy.Task : Task.CompletedTask;
        });
        OpenStreams(3);
        var session = Session();
        session.Add(Window(0));
        await turns.OfferAsync(session);
        await Until.True(() => taken == 1, "a lane at work");
        session.Add(Window(1));
        await turns.OfferAsync(session);
        await Until.True(() => _time.ArmedTimers == 1, "the delay to run");
        Assert.Equal(1, taken);
        busy.SetResult();
        await Until.True(() => taken == 2, "the second window, on a clock that stands still");
        turns.Complete();
        await done.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task OnPush_ASessionHasNoPlaceLeft_DoesNotWait()
    {
        var sizes = new ConcurrentQueue<int>();
        var busy = new TaskCompletionSource();
        var (turns, done) = Run(new BatchingOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromSeconds(1) }, batch =>
        {
            sizes.Enqueue(batch.Count);
            return sizes.Count == 1 ? busy.Task : Task.CompletedTask;
        });
        OpenStreams(3);
        var session = Session();
        session.IsFull = true;
        foreach (var i in new[] { 0, 1 })
        {
            session.Add(Window(i));
            await turns.OfferAsync(session);
            await Until.True(() => sizes.Count == i + 1, "the batch");
        }

        Assert.Equal(0, _time.ArmedTimers);
        busy.SetResult();
        turns.Complete();
        await done.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task OnUpstreamFinish_WindowsGathered_GoOutFirst()
    {
        var taken = 0;
        var busy = new TaskCompletionSource();
        var (turns, done) = Run(new BatchingOptions { MaxBatch = 8, MaxDelay = TimeSpan.FromSeconds(1) }, batch =>
        {
            taken += batch.Count;
            return taken == 1 ? busy.Task : Task.CompletedTask;
        });
        OpenStreams(5);
        var session = Session();
        session.Add(Window(0));
        await turns.OfferAsync(session);
        await Until.True(() => taken == 1, "a lane at work");
        for (var i = 1; i < 4; i++)
        {
            session.Add(Window(i));
            await turns.OfferAsync(session);
        }

        await Until.True(() => _waiting.Value == 0, "the windows to be gathered");
        Assert.Equal(1, taken);
        turns.Complete();
        await Until.True(() => taken == 4, "what was gathered");
        busy.SetResult();
        await done.WaitAsync(Until.Patience);
    }

    [Fact]
    public void Batches_AnyArrivals_EveryWindowGoesOnce() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var seen = new List<float>();
        var (turns, done) = Run(new BatchingOptions { MaxBatch = random.Next(1, 9), MaxDelay = TimeSpan.FromMilliseconds(random.Next(3)) }, async batch =>
        {
            await Task.Yield();
            Assert.InRange(batch.Count, 1, 8);
            lock (seen)
            {
                seen.AddRange(Enumerable.Range(0, batch.Count).Select(i => batch.Mel.Window(i)[0]));
            }
        });
        var sessions = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Session()).ToList();
        var windows = random.Next(200);
        for (var i = 0; i < windows; i++)
        {
            var session = sessions[random.Next(sessions.Count)];
            session.Add(Window(i));
            turns.OfferAsync(session).GetAwaiter().GetResult();
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(2)));
        }

        turns.Complete();
        Assert.True(done.Wait(Until.Patience));
        Assert.Equal(Enumerable.Range(0, windows).Select(i => (float)i), seen.Order());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static int Lanes(BatchingOptions options) => options.MaxBatch == 1 ? 1 : 2;

    private static PendingWindow Window(int number)
    {
        var contract = TestContracts.Small;
        var mel = new MelWindow(contract.PatchCount, contract.Mel.Rows * contract.PatchFrames) { Start = TimeSpan.FromSeconds(number) };
        mel.Cells[0] = number;
        var window = new PendingWindow();
        window.Begin(mel);
        return window;
    }

    private void OpenStreams(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _counters.StreamOpened();
        }
    }

    private SessionTurns Session() => new(_waiting, error => throw error);

    /// <summary>The stage between a queue of turns and two lanes.</summary>
    private (ISourceQueueWithComplete<SessionTurns> Turns, Task Done) Run(BatchingOptions options, Func<GatheredBatch, Task> lane)
    {
        var gathering = new Gathering(TestContracts.Small, options with { Lanes = Lanes(options) }, _counters, _time);
        return Source.Queue<SessionTurns>(4, OverflowStrategy.Backpressure)
            .Via(new BatchStage(gathering))
            .SelectAsyncUnordered(Lanes(options), async batch =>
            {
                await lane(batch);
                batch.Classify(_classifier);
                return batch;
            })
            .ToMaterialized(Sink.ForEach<GatheredBatch>(gathering.Deliver), Keep.Both)
            .Run(_materializer);
    }
}

using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>Whether a device is taken, what is said of it, what has run on it before the first stream, and the two batches that it is kept busy with.</summary>
public sealed class DeviceStartTests : IDisposable
{
    private readonly StandInDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Load_AutoWithADevice_TakesItWithTwoLanesAndSaysWhy()
    {
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), StandInDevice.Contract()), asked: InferenceDevice.Auto);
        Assert.Equal("The model runs on CUDA (a stand-in) because its provider loads and runs it.", classifier.DeviceChoice);
        Assert.Equal("CUDA", classifier.ExecutionProvider);
        var batching = new BatchingOptions().For(classifier);
        Assert.Equal((2, 32), (batching.Lanes, batching.MaxBatch));
        Assert.Equal(1, classifier.Traffic.Batches);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("memory")]
    [InlineData("window")]
    public void Load_AutoWithADeviceThatFails_TakesTheCpuAndSaysWhy(string what)
    {
        var path = _device.Write(new TinyOnnxModel { MostWindows = what == "window" ? 0 : 8 }, StandInDevice.Contract());
        var device = what switch
        {
            "session" => StandInDevice.Accelerator() with { AppendTo = session => session.AppendExecutionProvider("NoSuchProvider") },
            "memory" => StandInDevice.Accelerator() with { Memory = () => throw StandInDevice.NoDevice() },
            _ => StandInDevice.Accelerator(),
        };
        using var classifier = StandInDevice.Load(path, device, InferenceDevice.Auto);
        Assert.Equal("CPU", classifier.ExecutionProvider);
        Assert.StartsWith("The model runs on the CPU because the CUDA provider was loaded but can't run the model (", classifier.DeviceChoice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', classifier.DeviceChoice);
        var error = Assert.Throws<DeviceUnavailableException>(() => StandInDevice.Load(path, device));
        Assert.StartsWith("Device cuda was asked for, but the CUDA provider was loaded but can't run the model (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WarmUp_OnADevice_RunsEveryBucketInEveryLane()
    {
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), StandInDevice.Contract()));
        var batches = classifier.Traffic.Batches;
        classifier.WarmUp(maxBatch: 6, lanes: 2);
        Assert.Equal(batches + (2 * 4), classifier.Traffic.Batches);
    }

    [Fact]
    public void WarmUp_OnTheCpu_RunsNothing()
    {
        using var classifier = OnnxGenreClassifier.Load(new() { ModelPath = _device.Write(new TinyOnnxModel { MostWindows = 1 }, StandInDevice.Contract()), Device = InferenceDevice.Cpu });
        classifier.WarmUp(maxBatch: 6, lanes: 2);
        Assert.Equal(0, classifier.Traffic.Batches);
    }

    [Fact]
    public void WarmUp_BatchesThatTheDeviceCantRun_SaysWhatToAskFor()
    {
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel { MostWindows = 1 }, StandInDevice.Contract()));
        var error = Assert.Throws<DeviceUnavailableException>(() => classifier.WarmUp(maxBatch: 6, lanes: 2));
        Assert.StartsWith("CUDA can't run 2 batches of 6 windows at once (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; ask for a smaller max_batch, fewer lanes, or device cpu.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_OnADevice_HasTwoBatchesInFlight()
    {
        // The first copies wait for each other: a lane that began only when the other's batch is done would let it wait in vain.
        using var bothCopy = new Barrier(2);
        var copies = 0;
        var loaded = false;
        var memory = DeviceMemory.Ordinary(() =>
        {
            if (Volatile.Read(ref loaded) && Interlocked.Increment(ref copies) <= 2)
            {
                Assert.True(bothCopy.SignalAndWait(Until.Patience), "the other lane never came");
            }
        });
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), StandInDevice.Contract()), StandInDevice.Accelerator() with { Memory = () => memory });
        Volatile.Write(ref loaded, true);
        await using var engine = new GenrePipeline(classifier, new BatchingOptions { MaxBatch = 1 }, TimeProvider.System);
        await using var stream = engine.Open(new GenreStreamOptions
        {
            StreamId = "s",
            Format = new PcmFormat(PcmEncoding.S16Le, 8_000, 1),
            WindowHop = TimeSpan.FromSeconds(0.5),
        });
        var noise = new byte[4 * 8_000];
        new Random(1).NextBytes(noise);
        await stream.WriteAsync(noise);
        await stream.CompleteAsync();
        var updates = new List<GenreUpdate>();
        await foreach (var update in stream.Updates.ReadAllAsync())
        {
            updates.Add(update);
        }

        Assert.InRange(updates.Count, 2, 8);
        Assert.True(copies >= 4, "a batch is copied there and back");
    }
}

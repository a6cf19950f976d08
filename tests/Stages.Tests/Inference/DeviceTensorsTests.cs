using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>What batches go through on a GPU, with the CPU's memory in place of the GPU's: there is no GPU here.</summary>
public sealed class DeviceTensorsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamgenre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, 4, 20)]
    [InlineData(8, 4, 20)]
    [InlineData(11, 3, 20)]
    [InlineData(6, 4, 7)]
    public void Classify_EveryNumberOfWindows_GivesTheCpusScores(int maxWindows, int rank, int patchFrames)
    {
        var contract = Contract(patchFrames);
        var path = Write(new TinyOnnxModel { Rank = rank, Frames = patchFrames }, contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = Load(path);
        using var expected = new MelBatch(contract, maxWindows);
        using var actual = new MelBatch(contract, maxWindows);
        foreach (var count in Enumerable.Range(1, maxWindows).Concat(Enumerable.Range(1, maxWindows).Reverse()))
        {
            Fill(expected, count, seed: count);
            Fill(actual, count, seed: count);
            onCpu.Classify(expected);
            onDevice.Classify(actual);
            AssertSameScores(expected, actual);
        }
    }

    [Fact]
    public void Classify_AfterAFullerBatchOfNotANumber_PadsWithZeros()
    {
        var contract = Contract();
        using var classifier = Load(Write(new TinyOnnxModel(), contract));
        using var batch = new MelBatch(contract, 8);
        using (var broken = new MelWindow(batch.PatchesPerWindow, batch.PatchCells))
        {
            broken.Cells.Fill(float.NaN);
            for (var i = 0; i < 8; i++)
            {
                batch.Add(broken);
            }
        }

        classifier.Classify(batch);
        Assert.True(float.IsNaN(batch.Scores(7)[0]));

        Fill(batch, 5, seed: 1);
        classifier.Classify(batch);
        Assert.All(Enumerable.Range(0, 5), window => Assert.Equal(1, batch.Scores(window).ToArray().Sum(), 1e-5));
        var cells = batch.PatchesPerWindow * batch.PatchCells;
        Assert.All(batch.Input[(5 * cells)..].ToArray(), cell => Assert.Equal(0, cell));
    }

    [Fact]
    public void Classify_FiveOfEightWindows_CopiesTheBucketAndNoMore()
    {
        var contract = Contract();
        using var classifier = Load(Write(new TinyOnnxModel(), contract));
        using var batch = new MelBatch(contract, 8);
        var (batches, bytes) = (classifier.Traffic.Batches, classifier.Traffic.Bytes);
        foreach (var (count, bucket) in new[] { (5, 8), (3, 4), (1, 1) })
        {
            Fill(batch, count, seed: 2);
            classifier.Classify(batch);
            bytes += bucket * (batch.PatchCells + batch.Labels) * sizeof(float);
            Assert.Equal((++batches, bytes), (classifier.Traffic.Batches, classifier.Traffic.Bytes));
        }
    }

    [Fact]
    public void Classify_ClassifiersInTurn_TakeOverTheWindows()
    {
        var contract = Contract();
        var path = Write(new TinyOnnxModel(), contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = Load(path);
        using var alone = new MelBatch(contract, 3);
        using var shared = new MelBatch(contract, 3);
        Fill(alone, 3, seed: 4);
        Fill(shared, 3, seed: 4);
        onCpu.Classify(alone);
        foreach (var classifier in new[] { onDevice, onCpu, onDevice })
        {
            shared.Scores(0).Clear();
            classifier.Classify(shared);
            AssertSameScores(alone, shared);
        }
    }

    [Fact]
    public void Dispose_Batch_CanBeUsedAgainAndDisposedOfAgain()
    {
        var contract = Contract();
        using var classifier = Load(Write(new TinyOnnxModel(), contract));
        using var batch = new MelBatch(contract, 2);
        for (var round = 0; round < 3; round++)
        {
            Fill(batch, 2, seed: round);
            classifier.Classify(batch);
            Assert.Equal(1, batch.Scores(1).ToArray().Sum(), 1e-5);
            batch.Dispose();
        }
    }

    [Fact]
    public async Task Classify_TwoBatchesAtOnce_EachGetsItsOwnScores()
    {
        var contract = Contract();
        var path = Write(new TinyOnnxModel(), contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = Load(path);
        using var start = new Barrier(2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(lane => Task.Factory.StartNew(
            () =>
            {
                using var expected = new MelBatch(contract, 8);
                using var actual = new MelBatch(contract, 8);
                for (var round = 0; round < 100; round++)
                {
                    var count = 1 + ((round + (3 * lane)) % 8);
                    Fill(expected, count, seed: (1000 * lane) + round);
                    Fill(actual, count, seed: (1000 * lane) + round);
                    onCpu.Classify(expected);
                    start.SignalAndWait();
                    onDevice.Classify(actual);
                    AssertSameScores(expected, actual);
                }
            },
            TaskCreationOptions.LongRunning)));
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
        using var classifier = Load(Write(new TinyOnnxModel(), Contract()), StandIn() with { Memory = () => memory });
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

    [Fact]
    public void WarmUp_OnADevice_RunsEveryBucketInEveryLane()
    {
        using var classifier = Load(Write(new TinyOnnxModel(), Contract()));
        var batches = classifier.Traffic.Batches;
        classifier.WarmUp(maxBatch: 6, lanes: 2);
        Assert.Equal(batches + (2 * 4), classifier.Traffic.Batches);
    }

    [Fact]
    public void WarmUp_OnTheCpu_RunsNothing()
    {
        using var classifier = OnnxGenreClassifier.Load(new() { ModelPath = Write(new TinyOnnxModel { MostWindows = 1 }, Contract()), Device = InferenceDevice.Cpu });
        classifier.WarmUp(maxBatch: 6, lanes: 2);
        Assert.Equal(0, classifier.Traffic.Batches);
    }

    [Fact]
    public void WarmUp_BatchesThatTheDeviceCantRun_SaysWhatToAskFor()
    {
        using var classifier = Load(Write(new TinyOnnxModel { MostWindows = 1 }, Contract()));
        var error = Assert.Throws<DeviceUnavailableException>(() => classifier.WarmUp(maxBatch: 6, lanes: 2));
        Assert.StartsWith("CUDA can't run 2 batches of 6 windows at once (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; ask for a smaller max_batch, fewer lanes, or device cpu.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AutoWithADevice_TakesItWithTwoLanesAndSaysWhy()
    {
        using var classifier = Load(Write(new TinyOnnxModel(), Contract()), asked: InferenceDevice.Auto);
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
        var path = Write(new TinyOnnxModel { MostWindows = what == "window" ? 0 : 8 }, Contract());
        var device = what switch
        {
            "session" => StandIn() with { AppendTo = session => session.AppendExecutionProvider("NoSuchProvider") },
            "memory" => StandIn() with { Memory = () => throw NoDevice() },
            _ => StandIn(),
        };
        using var classifier = Load(path, device, InferenceDevice.Auto);
        Assert.Equal("CPU", classifier.ExecutionProvider);
        Assert.StartsWith("The model runs on the CPU because the CUDA provider was loaded but can't run the model (", classifier.DeviceChoice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', classifier.DeviceChoice);
        var error = Assert.Throws<DeviceUnavailableException>(() => Load(path, device));
        Assert.StartsWith("Device cuda was asked for, but the CUDA provider was loaded but can't run the model (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_SeveralShapes_LookAtTheSameMemory()
    {
        using var memory = new TensorMemory(DeviceMemory.Ordinary().OnDevice, 12);
        using var large = memory.Tensor([3, 4]);
        using var small = memory.Tensor([1, 4]);
        large.GetTensorMutableDataAsSpan<float>().Fill(7);
        Assert.Equal([7f, 7, 7, 7], small.GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal(12, memory.Span.Length);
        Assert.Throws<OnnxRuntimeException>(() => memory.Tensor([4, 4]));
    }

    private static ModelContract Contract(int patchFrames = 20) => patchFrames == 20
        ? OnnxGenreClassifierTests.Tiny()
        : OnnxGenreClassifierTests.Tiny() with { PatchFrames = patchFrames, PatchHopFrames = 5 };

    private static Accelerator StandIn() => new()
    {
        Name = "CUDA",
        Description = "a stand-in",
        AppendTo = _ => { },
        Memory = () => DeviceMemory.Ordinary(),
    };

    private static OnnxGenreClassifier Load(string path, Accelerator? device = null, InferenceDevice asked = InferenceDevice.Cuda) =>
        OnnxGenreClassifier.Load(new() { ModelPath = path, Device = asked }, _ => (device ?? StandIn(), ""));

    /// <summary>An error as a provider's would be; ONNX Runtime makes its own alone.</summary>
    private static OnnxRuntimeException NoDevice()
    {
        using var options = new SessionOptions();
        return Assert.Throws<OnnxRuntimeException>(() => options.AppendExecutionProvider("NoSuchProvider"));
    }

    private static void Fill(MelBatch batch, int count, int seed)
    {
        batch.Clear();
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            using var window = new MelWindow(batch.PatchesPerWindow, batch.PatchCells);
            foreach (ref var cell in window.Cells)
            {
                cell = (float)((4 * random.NextDouble()) - 2);
            }

            batch.Add(window);
        }
    }

    private static void AssertSameScores(MelBatch expected, MelBatch actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var window = 0; window < expected.Count; window++)
        {
            for (var label = 0; label < expected.Labels; label++)
            {
                Assert.Equal(expected.Scores(window)[label], actual.Scores(window)[label], 1e-6);
            }
        }
    }

    private string Write(TinyOnnxModel model, ModelContract contract)
    {
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Bytes());
        File.WriteAllText(Path.Combine(_folder.FullName, "model.contract.json"), contract.ToJson());
        return path;
    }
}

using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>What batches go through on a GPU, with the CPU's memory in place of the GPU's: there is no GPU here.</summary>
public sealed class DeviceTensorsTests : IDisposable
{
    private readonly StandInDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(1, 4, 20)]
    [InlineData(8, 4, 20)]
    [InlineData(11, 3, 20)]
    [InlineData(6, 4, 7)]
    public void Classify_EveryNumberOfWindows_GivesTheCpusScores(int maxWindows, int rank, int patchFrames)
    {
        var contract = StandInDevice.Contract(patchFrames);
        var path = _device.Write(new TinyOnnxModel { Rank = rank, Frames = patchFrames }, contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = StandInDevice.Load(path);
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
        var contract = StandInDevice.Contract();
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), contract));
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
        var contract = StandInDevice.Contract();
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), contract));
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
        var contract = StandInDevice.Contract();
        var path = _device.Write(new TinyOnnxModel(), contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = StandInDevice.Load(path);
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
        var contract = StandInDevice.Contract();
        using var classifier = StandInDevice.Load(_device.Write(new TinyOnnxModel(), contract));
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
        var contract = StandInDevice.Contract();
        var path = _device.Write(new TinyOnnxModel(), contract);
        using var onCpu = OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu });
        using var onDevice = StandInDevice.Load(path);
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
}

using System.Runtime.InteropServices;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Golden;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>Models that others made. Where they are not at hand a small model written by the test takes their place, and the test's name says so.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private const string Generated = "generated, ../shared/models is not there";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamgenre-");

    public static TheoryData<string> Yamnet => [SharedData.Path("models", "yamnet", "yamnet.onnx") is null ? Generated : "yamnet"];

    public static TheoryData<string> BenchCnn => [SharedData.Path("models", "bench-cnn", "bench_cnn.onnx") is null ? Generated : "bench-cnn"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Yamnet))]
    public void Classify_PatchesWithKnownScores_GivesTheirMean(string model)
    {
        // PyTorch's scores of two real patches; a window of two patches stands for their mean.
        var (path, contract, patches, expected) = model == Generated ? GeneratedReference() : YamnetReference();
        using var classifier = Open(path, contract);
        using var batch = new MelBatch(contract, 4);
        using var window = new MelWindow(contract.PatchCount, batch.PatchCells);
        for (var patch = 0; patch < contract.PatchCount; patch++)
        {
            patches[patch % patches.Length].CopyTo(window.Cells[(patch * batch.PatchCells)..]);
        }

        batch.Add(window);
        batch.Add(window);
        classifier.Classify(batch);
        for (var label = 0; label < contract.Labels.Count; label++)
        {
            var mean = Enumerable.Range(0, contract.PatchCount).Average(p => (double)expected[p % patches.Length][label]);
            Assert.Equal(mean, batch.Scores(0)[label], 1e-5);
            Assert.Equal(mean, batch.Scores(1)[label], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Yamnet))]
    public async Task GenrePipeline_AudioWithKnownScores_GivesThemFromTheBytesOn(string model)
    {
        var (path, contract, pcm, expected) = model == Generated ? GeneratedAudio() : YamnetAudio();
        using var classifier = Open(path, contract);
        await using var pipeline = new GenrePipeline(classifier, new BatchingOptions(), TimeProvider.System);
        await using var stream = pipeline.Open(new GenreStreamOptions
        {
            StreamId = "reference",
            Format = new PcmFormat(PcmEncoding.S16Le, contract.Mel.SampleRateHz, 1),
            WindowHop = TimeSpan.FromSeconds(contract.WindowSeconds),
        });
        await stream.WriteAsync(MemoryMarshal.AsBytes<short>(pcm).ToArray());
        await stream.CompleteAsync();
        Assert.True(stream.Updates.TryRead(out var update));
        Assert.Equal(contract.WindowSeconds, update.WindowEnd.TotalSeconds, 1e-6);
        for (var label = 0; label < contract.Labels.Count; label++)
        {
            Assert.Equal(expected[label], update.WindowScores.Span[label], 2e-4);
        }
    }

    [Theory]
    [MemberData(nameof(BenchCnn))]
    public void Classify_AnyBatchSize_GivesTheSameProbabilities(string model)
    {
        var contract = model == Generated ? OnnxGenreClassifierTests.Tiny() : TestContracts.BenchCnn;
        var path = model == Generated ? WriteGenerated() : SharedData.Path("models", "bench-cnn", "bench_cnn.onnx")!;
        using var classifier = Open(path, contract);
        using var all = new MelBatch(contract, 32);
        using var single = new MelBatch(contract, 1);
        var random = new Random(2);
        for (var i = 0; i < 32; i++)
        {
            using var window = new MelWindow(contract.PatchCount, all.PatchCells);
            foreach (ref var cell in window.Cells)
            {
                cell = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            }

            all.Add(window);
        }

        classifier.Classify(all);
        for (var i = 0; i < 32; i++)
        {
            using var window = new MelWindow(contract.PatchCount, all.PatchCells);
            all.Window(i).CopyTo(window.Cells);
            single.Clear();
            single.Add(window);
            classifier.Classify(single);
            Assert.Equal(1, single.Scores(0).ToArray().Sum(s => (double)s), 1e-5);
            for (var label = 0; label < contract.Labels.Count; label++)
            {
                Assert.Equal(single.Scores(0)[label], all.Scores(i)[label], 1e-5);
            }
        }
    }

    private static (string Path, ModelContract Contract, float[][] Patches, float[][] Scores) YamnetReference()
    {
        var reference = SharedData.Path("models", "yamnet", "reference.npz")!;
        return (
            SharedData.Path("models", "yamnet", "yamnet.onnx")!,
            TestContracts.Yamnet,
            [.. NpyArray.ReadFromNpz(reference, "log_mel").ToSingles().Chunk(96 * 64)],
            [.. NpyArray.ReadFromNpz(reference, "scores").ToSingles().Chunk(521)]);
    }

    /// <summary>1.455 s of an orchestra: exactly the two patches whose scores PyTorch gave.</summary>
    private static (string Path, ModelContract Contract, short[] Pcm, double[] Scores) YamnetAudio()
    {
        var reference = SharedData.Path("models", "yamnet", "reference.npz")!;
        short[] pcm = [.. NpyArray.ReadFromNpz(reference, "pcm").Values.Select(v => (short)v)];
        var scores = NpyArray.ReadFromNpz(reference, "scores").Values;
        var contract = TestContracts.Yamnet with { WindowSeconds = pcm.Length / 16_000.0 };
        Assert.Equal(2, contract.PatchCount);
        return (SharedData.Path("models", "yamnet", "yamnet.onnx")!, contract, pcm, [.. Enumerable.Range(0, 521).Select(l => (scores[l] + scores[521 + l]) / 2)]);
    }

    /// <summary>A click, and the scores of its window by the generated model's formula.</summary>
    private (string Path, ModelContract Contract, short[] Pcm, double[] Scores) GeneratedAudio()
    {
        var contract = OnnxGenreClassifierTests.Tiny();
        var pcm = new short[4_000];
        pcm[2_000] = short.MaxValue;
        var frontEnd = new SessionFrontEnd(contract, new PcmFormat(PcmEncoding.S16Le, 8_000, 1), TimeSpan.FromSeconds(0.5));
        var windows = new Queue<MelWindow>();
        frontEnd.Push(MemoryMarshal.AsBytes<short>(pcm), windows);
        using var window = windows.Dequeue();
        var powers = new TinyOnnxModel().Expected(window.Patch(0)).Select(l => Math.Exp(l)).ToArray();
        return (WriteGenerated(), contract, pcm, [.. powers.Select(p => p / powers.Sum())]);
    }

    private (string Path, ModelContract Contract, float[][] Patches, float[][] Scores) GeneratedReference()
    {
        var model = new TinyOnnxModel();
        float[][] patches = [.. Enumerable.Range(1, 2).Select(p => Enumerable.Range(0, 16 * 20).Select(i => (float)Math.Sin(i * p)).ToArray())];
        return (WriteGenerated(), OnnxGenreClassifierTests.Tiny() with { ScoreKind = ScoreKind.IndependentProbabilities }, patches, [.. patches.Select(p => model.Expected(p))]);
    }

    private string WriteGenerated()
    {
        var path = Path.Combine(_folder.FullName, "generated.onnx");
        File.WriteAllBytes(path, new TinyOnnxModel().Bytes());
        return path;
    }

    /// <summary>The shared folder is read-only, so the model is linked to from one where its contract can lie beside it.</summary>
    private OnnxGenreClassifier Open(string path, ModelContract contract)
    {
        var link = Path.Combine(_folder.FullName, "model.onnx");
        File.CreateSymbolicLink(link, path);
        File.WriteAllText(Path.Combine(_folder.FullName, "model.contract.json"), contract.ToJson());
        return OnnxGenreClassifier.Load(new() { ModelPath = link, Device = InferenceDevice.Cpu });
    }
}

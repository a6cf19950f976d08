using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Inference;

public sealed class OnnxGenreClassifierTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamgenre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_ContractInMetadata_IsRead()
    {
        using var classifier = Load(new TinyOnnxModel { Metadata = Tiny().ToMetadata() });
        Assert.Equal("tiny", classifier.Contract.Name);
        Assert.Equal(4, classifier.Contract.Labels.Count);
        Assert.Equal("CPU", classifier.ExecutionProvider);
        Assert.Equal("The model runs on the CPU, as configured.", classifier.DeviceChoice);
    }

    [Fact]
    public void Load_ContractBesideTheModel_IsRead()
    {
        using var classifier = Load(new TinyOnnxModel(), Tiny() with { Name = "foreign" });
        Assert.Equal("foreign", classifier.Contract.Name);
    }

    [Fact]
    public void Load_NoContract_SaysWhereToPutOne()
    {
        var error = Assert.Throws<ModelContractException>(() => Load(new TinyOnnxModel()));
        Assert.Contains("model.contract.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EverythingDiffersFromTheContract_ListsEveryMismatch()
    {
        var model = new TinyOnnxModel { Mels = 12, Labels = 5, ExtraInput = "speaker", Double = true, FixedBatch = 7 };
        var error = Assert.Throws<ModelContractException>(() => Load(model, Tiny()));
        Assert.Equal(
            [
                "input 'mel' holds Double; it must hold Float (32-bit)",
                "input 'mel' has shape [7, 1, 12, 20]; the contract says [N, 1, 16, 20], [batch, 1, mels, frames] or [batch, mels, frames], with a free batch axis N",
                "the model also wants input 'speaker', which the contract does not name; export it with one input",
                "output 'logits' holds Double; it must hold Float (32-bit)",
                "output 'logits' has shape [7, 5]; the contract says [N, 4], [batch, labels], with a free batch axis N",
            ],
            error.Errors);
    }

    [Fact]
    public void Load_NamesDiffer_SaysWhichNamesTheModelHas()
    {
        var error = Assert.Throws<ModelContractException>(() => Load(new TinyOnnxModel { InputName = "x", OutputName = "y" }, Tiny()));
        Assert.Contains("input_name is 'mel', but the model's inputs are 'x'", error.Errors);
        Assert.Contains("output_name is 'logits', but the model's outputs are 'y'", error.Errors);
    }

    [Fact]
    public void Load_NotAModel_Throws()
    {
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllText(path, "this is no protobuf");
        var error = Assert.Throws<ModelContractException>(() => OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cpu }));
        Assert.Contains("is not a model that ONNX Runtime can load", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OptionsWrong_ListsAllErrors()
    {
        var error = Assert.Throws<ArgumentException>(
            () => OnnxGenreClassifier.Load(new() { ModelPath = "/no/such.onnx", Device = (InferenceDevice)7, IntraOpThreads = 0 }));
        Assert.Contains("'/no/such.onnx', and there is no such file; device is 7; it must be auto, cpu or cuda; intra_op_threads is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CudaWithoutItsProvider_NamesTheRemedy()
    {
        var path = Write(new TinyOnnxModel(), Tiny());
        var error = Assert.Throws<DeviceUnavailableException>(
            () => OnnxGenreClassifier.Load(new() { ModelPath = path, Device = InferenceDevice.Cuda, CudaProviderPath = "/no/provider.so" }));
        Assert.Contains("the CUDA provider is not there (/no/provider.so)", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:Gpu=true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AutoWithAProviderThatCantBeLoaded_TakesTheCpuAndSaysWhy()
    {
        var provider = Path.Combine(_folder.FullName, "libbroken.so");
        File.WriteAllText(provider, "no library");
        var path = Write(new TinyOnnxModel(), Tiny());
        for (var i = 0; i < 2; i++)
        {
            using var classifier = OnnxGenreClassifier.Load(new() { ModelPath = path, CudaProviderPath = provider });
            Assert.Equal("CPU", classifier.ExecutionProvider);
            Assert.StartsWith($"The model runs on the CPU because the CUDA provider {provider} can't be loaded (", classifier.DeviceChoice, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2.5)]
    [InlineData(3, 0.5)]
    public void Classify_Logits_GivesTheSoftmaxAtTheTemperature(int rank, double temperature)
    {
        var model = new TinyOnnxModel { Rank = rank };
        using var classifier = Load(model, Tiny() with { Temperature = temperature });
        using var batch = new MelBatch(classifier.Contract, 3);
        foreach (var count in new[] { 3, 1, 2 })
        {
            batch.Clear();
            for (var i = 0; i < count; i++)
            {
                Add(batch, seed: 10 + i);
            }

            classifier.Classify(batch);
            for (var i = 0; i < count; i++)
            {
                AssertClose(Softmax(model.Expected(batch.Window(i)), temperature), batch.Scores(i), 1e-6);
            }
        }
    }

    [Fact]
    public void Classify_HugeLogits_StayFinite()
    {
        using var classifier = Load(new TinyOnnxModel(), Tiny() with { Temperature = 1e-4 });
        using var batch = new MelBatch(classifier.Contract, 1);
        Add(batch, seed: 1);
        classifier.Classify(batch);
        Assert.Equal(1, batch.Scores(0).ToArray().Sum(), 1e-6);
    }

    [Fact]
    public void Classify_SeveralPatches_GivesTheMeanOfTheirScores()
    {
        var model = new TinyOnnxModel { Frames = 7 };
        var contract = Tiny() with { PatchFrames = 7, PatchHopFrames = 5 };
        Assert.Equal(3, contract.PatchCount);
        using var classifier = Load(model, contract);
        using var batch = new MelBatch(contract, 2);
        Add(batch, seed: 3);
        Add(batch, seed: 4);
        classifier.Classify(batch);
        for (var window = 0; window < 2; window++)
        {
            var patches = Enumerable.Range(0, 3).Select(p => Softmax(model.Expected(batch.Window(window).Slice(p * 7 * 16, 7 * 16)), 1)).ToArray();
            AssertClose([.. Enumerable.Range(0, 4).Select(l => patches.Average(p => p[l]))], batch.Scores(window), 1e-6);
        }
    }

    [Theory]
    [InlineData(ScoreKind.Probabilities)]
    [InlineData(ScoreKind.IndependentProbabilities)]
    public void Classify_Probabilities_AreTakenAsTheyAre(ScoreKind kind)
    {
        var model = new TinyOnnxModel();
        using var classifier = Load(model, Tiny() with { ScoreKind = kind });
        using var batch = new MelBatch(classifier.Contract, 1);
        Add(batch, seed: 8);
        classifier.Classify(batch);
        AssertClose([.. model.Expected(batch.Window(0)).Select(v => (double)v)], batch.Scores(0), 1e-5);
    }

    [Fact]
    public async Task Classify_SeveralThreads_EachGetsItsOwnScores()
    {
        var model = new TinyOnnxModel();
        using var classifier = Load(model, Tiny());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            using var batch = new MelBatch(classifier.Contract, 4);
            for (var round = 0; round < 200; round++)
            {
                batch.Clear();
                for (var i = 0; i <= round % 4; i++)
                {
                    Add(batch, seed: (thread * 1000) + round + i);
                }

                classifier.Classify(batch);
                for (var i = 0; i < batch.Count; i++)
                {
                    AssertClose(Softmax(model.Expected(batch.Window(i)), 1), batch.Scores(i), 1e-6);
                }
            }
        })));
    }

    [Fact]
    public void Classify_BatchOfAnotherModel_Throws()
    {
        using var classifier = Load(new TinyOnnxModel(), Tiny());
        using var batch = new MelBatch(TestContracts.BenchCnn, 1);
        Assert.Throws<ArgumentException>(() => classifier.Classify(batch));
    }

    internal static ModelContract Tiny() => TestContracts.Small with { Name = "tiny" };

    private static void Add(MelBatch batch, int seed)
    {
        var random = new Random(seed);
        using var window = new MelWindow(batch.PatchesPerWindow, batch.PatchCells);
        foreach (ref var cell in window.Cells)
        {
            cell = (float)((4 * random.NextDouble()) - 2);
        }

        batch.Add(window);
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        var powers = logits.Select(l => Math.Exp(l / temperature)).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }

    private OnnxGenreClassifier Load(TinyOnnxModel model, ModelContract? beside = null)
        => OnnxGenreClassifier.Load(new() { ModelPath = Write(model, beside), Device = InferenceDevice.Cpu });

    private string Write(TinyOnnxModel model, ModelContract? beside)
    {
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Bytes());
        if (beside is not null)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, "model.contract.json"), beside.ToJson());
        }

        return path;
    }
}

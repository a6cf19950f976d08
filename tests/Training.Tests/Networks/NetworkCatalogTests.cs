using System.Buffers;
using System.Runtime.InteropServices;

using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Wavelet;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Networks;

public class NetworkCatalogTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(network => network.Name)];

    public static TheoryData<string, bool> NamesAndFrontEnds
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var network in NetworkCatalog.All)
            {
                data.Add(network.Name, false);
                data.Add(network.Name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recipe_AnyNetwork_IsSound(string name)
    {
        var recipe = NetworkCatalog.Find(name).Recipe;

        Assert.Empty((recipe with { Network = name, Data = ["music"], Init = TestBackbone.For(name) }).Errors());
        Assert.Empty(recipe.FrontEnd.OfStoredMels().Errors());
    }

    [Theory]
    [MemberData(nameof(NamesAndFrontEnds))]
    public void Forward_AnyNetwork_GivesARowOfLogitsForEachWindow(string name, bool storedMels)
    {
        var forward = Prepared(name).Forward(11, 0.3f);
        var graph = new GraphBuilder(GraphMode.Inference);
        var item = Exporter.ItemShape(Contract(name, storedMels));

        var logits = forward(graph, graph.Input("x", new TensorShape([3, .. item.Dims])));

        Assert.Equal(new TensorShape(3, 11), logits.Shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_AFewOnOneBatch_LowerTheLoss(string name)
    {
        var recipe = NetworkCatalog.Find(name).Recipe;
        var item = Exporter.ItemShape(Contract(name, storedMels: true));
        const int Batch = 4;
        using var session = TrainingSession.Create(
            Prepared(name).Forward(2, 0), new TensorShape([Batch, .. item.Dims]), 2, recipe.NewOptimizer(), new TrainingOptions { Seed = 3 });

        // Loud low bands against loud high ones.
        var x = new float[Batch * item.Count];
        var targets = new float[Batch * 2];
        var random = new Random(1);
        for (var i = 0; i < x.Length; i++)
        {
            var (row, label) = (i % item.Count / item[2], i / item.Count % 2);
            x[i] = (float)((label == 0) == (row < item[1] / 2) ? 0.5 + random.NextDouble() : -0.5 - random.NextDouble());
        }

        for (var i = 0; i < Batch; i++)
        {
            targets[(2 * i) + (i % 2)] = 1;
        }

        var first = session.Step(x, targets, (float)recipe.LearningRate);
        var last = Enumerable.Range(0, 4).Select(_ => session.Step(x, targets, (float)recipe.LearningRate)).Last();

        Assert.True(last < first, $"{name}: the loss went from {first} to {last}");
    }

    [Theory]
    [MemberData(nameof(NamesAndFrontEnds))]
    public async Task Export_AnyNetwork_IsServedAsItIsAndAnswersWhatTrainingHears(string name, bool storedMels)
    {
        using var folder = new TemporaryFolder();
        var contract = Contract(name, storedMels);
        var forward = Prepared(name).Forward(Labels.Length, 0);
        var parameters = Start(forward, Exporter.ItemShape(contract));
        await File.WriteAllBytesAsync(folder.In("model.onnx"), Exporter.Export(forward, parameters, contract));
        var rate = contract.Mel.SampleRateHz;
        var samples = GeneratedAudio.Noise(5, contract.WindowSeconds * GeneratedAudio.SampleRateHz / rate * 1.01)[..contract.WindowSamples];

        using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = folder.In("model.onnx"), Device = InferenceDevice.Cpu });
        await using var pipeline = new GenrePipeline(classifier, new BatchingOptions(), TimeProvider.System);
        await using var stream = pipeline.Open(new GenreStreamOptions { StreamId = "audio", Format = new PcmFormat(PcmEncoding.F32Le, rate, 1) });
        await stream.WriteAsync(MemoryMarshal.AsBytes<float>(samples).ToArray());
        await stream.CompleteAsync();
        Assert.True(stream.Updates.TryRead(out var served));

        using var session = new ForwardSession(forward, Exporter.ItemShape(contract), parameters);
        var scored = ScoredSet.Score(new MelSet(Labels, [Clip(samples, contract.Mel)]), contract, x => session.Run(x));
        var expected = Assert.Single(scored.Rows(Assert.Single(scored.Clips), contract.Temperature));
        Assert.Equal(contract.WindowSeconds, served.WindowEnd.TotalSeconds, 1e-4);
        Assert.True(expected.Distinct().Count() > 1, "every label scores the same");
        for (var label = 0; label < Labels.Length; label++)
        {
            Assert.Equal(expected[label], served.WindowScores.Span[label], 2e-4);
        }
    }

    [Fact]
    public void Slices128_FinishedModel_AnswersTheMeanOfItsThreeViews()
    {
        var forward = Slices128.Network.Forward(Labels.Length, 0);
        var item = new TensorShape(1, 128, 256);
        var parameters = Start(forward, item);
        var random = new Random(2);
        var window = Enumerable.Range(0, 128 * 256).Select(_ => (float)random.NextDouble()).ToArray();
        using var finished = new ForwardSession(forward, item, parameters);

        // In a training batch of two the first row is seen as its first slice and the second zoomed out.
        float[] Row(float[] first, float[] second, int row)
        {
            using var session = TrainingSession.Create(
                forward, new TensorShape([2, .. item.Dims]), Labels.Length, new Sgd(), new TrainingOptions(), parameters);
            session.Step([.. first, .. second], new float[2 * Labels.Length], 0);
            return session.Logits.Slice(row * Labels.Length, Labels.Length).ToArray();
        }

        var later = Enumerable.Range(0, window.Length).Select(i => window[i - (i % 256) + ((i + 128) % 256)]).ToArray();
        float[][] views = [Row(window, window, 0), Row(later, window, 0), Row(window, window, 1)];

        var answer = finished.Run(window);

        for (var label = 0; label < Labels.Length; label++)
        {
            Assert.Equal(views.Average(view => view[label]), answer[label], 1e-5);
        }
    }

    [Fact]
    public void Default_OneWindow_KeepsWithinItsBudget()
    {
        var cost = GraphCost.Of(NetworkCatalog.Find(NetworkCatalog.DefaultName).Forward(11, 0), new TensorShape(1, 128, 39));

        // Multiply-adds by hand: 64x39 of 32x25, 32x19 of 64x288, 16x9 of 96x576, 8x4 of 192x864, 384x11.
        Assert.Equal(2L * ((64 * 39 * 32 * 25) + (32 * 19 * 64 * 288) + (16 * 9 * 96 * 576) + (8 * 4 * 192 * 864) + (384 * 11)), cost.Flops);
        Assert.InRange(cost.Flops, 1, 60_000_000);
        Assert.InRange(cost.Parameters, 1, 1_000_000);
    }

    [Fact]
    public void ParallelCnn_PublishedPicture_HasThePublishedSizes()
    {
        var cost = GraphCost.Of(ParallelCnn.Network.Forward(10, 0), new TensorShape(1, 80, 80));

        // 3 maps of 20x20 and 4 of 38x38, joined, into ten classes.
        Assert.Equal((3 * 65) + (4 * 17) + (((3 * 400) + (4 * 1444) + 1) * 10), cost.Parameters);
        Assert.Equal(2L * ((6400 * 3 * 64) + (77 * 77 * 4 * 16) + (6976 * 10)), cost.Flops);
    }

    [Fact]
    public void Write_TheWholeTable_FitsAHundredColumns()
    {
        using var output = new StringWriter();

        NetworkTable.Write(output);

        var lines = output.ToString().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
        Assert.All(NetworkCatalog.All, network => Assert.Single(lines, line => line.StartsWith($"{network.Name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Train_List_NeedsNoDataAndPrintsTheTable()
    {
        using var table = new StringWriter { NewLine = Environment.NewLine };
        NetworkTable.Write(table);

        var (code, output, error) = await Commands.Cli.RunAsync("train", "--list");

        Assert.Equal((0, table.ToString(), ""), (code, output, error));
    }

    [Fact]
    public void Find_UnknownName_ListsTheKnown()
    {
        var error = Assert.Throws<TrainingException>(() => NetworkCatalog.Find("resnet"));

        Assert.Contains(NetworkCatalog.DefaultName, error.Message, StringComparison.Ordinal);
    }

    private static Network Prepared(string name) => NetworkCatalog.Of(NetworkCatalog.Find(name).Recipe with { Network = name, Init = TestBackbone.For(name) });

    private static ModelContract Contract(string name, bool storedMels)
    {
        var recipe = NetworkCatalog.Find(name).Recipe;
        return (storedMels ? recipe with { FrontEnd = recipe.FrontEnd.OfStoredMels() } : recipe).Contract(Labels, 1);
    }

    private static Dictionary<string, ParameterTensor> Start(Func<GraphBuilder, Value, Value> forward, TensorShape item)
    {
        var graph = new GraphBuilder(GraphMode.Inference, seed: 1);
        forward(graph, graph.Input("x", new TensorShape([1, .. item.Dims])));
        return graph.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, parameter.Initial));
    }

    private static MelClip Clip(float[] samples, MelOptions mel)
    {
        var frames = new ArrayBufferWriter<float>();
        new StackedSpectrogram(mel).Push(samples, frames);
        var count = frames.WrittenCount / mel.Rows;
        var cells = Enumerable.Range(0, frames.WrittenCount).Select(i => frames.WrittenSpan[(i % count * mel.Rows) + (i / count)]).ToArray();
        return new MelClip("audio", 0, "audio", mel.Rows, count, cells);
    }
}

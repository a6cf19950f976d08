using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Tests.Commands;

namespace StreamGenre.Training.Tests.Networks;

public class MultimodalTests
{
    [Fact]
    [Trait("Category", "Server")]
    public async Task Train_AudioFolder_MakesAModelThatThePipelineHearsAudioWith()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 6, seconds: 5);

        var train = await Cli.RunAsync(
            "train", "--data", folder.In("music"), "--network", "multimodal", "--epochs", "4", "--epoch-windows", "128", "--batch", "16",
            "--wavelet", "sym8", "--wavelet-octaves", "6", "--wavelet-splits", "2", "--run", folder.In("run"), "--cache", folder.In("cache"));

        Assert.Equal((0, ""), (train.Code, train.Error));
        using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = folder.In("run", "model.onnx") });
        Assert.Equal(new WaveletOptions { Family = WaveletFamily.Sym8, Octaves = 6, Splits = 2 }, classifier.Contract.Mel.Wavelet);
        await using var pipeline = new GenrePipeline(classifier, new BatchingOptions(), TimeProvider.System);
        Assert.Equal("tones", await HeardAsync(pipeline, GeneratedAudio.Tones(99, 8)));
        Assert.Equal("noise", await HeardAsync(pipeline, GeneratedAudio.Noise(99, 8)));
    }

    [Fact]
    public async Task Read_NpzOfMels_SaysThatAudioIsNeeded()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("mels.npz");
        await File.WriteAllBytesAsync(path, []);
        var mel = Multimodal.Network.Recipe.FrontEnd.OfStoredMels().Mel;

        var error = await Assert.ThrowsAsync<TrainingException>(() => new DataReader(mel, folder.In("cache"), new PartOptions()).ReadAsync(path, default));

        Assert.Contains("only audio gives", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WaveletFamily.Db4, 5, 3, 48)]
    [InlineData(WaveletFamily.Sym8, 8, 0, 9)]
    public void For_OtherBands_GoThroughTheWaveletBranchAlone(WaveletFamily family, int octaves, int splits, long bands)
    {
        var frontEnd = new FrontEnd { Mel = new() { MelBins = 52, Wavelet = new() { Family = family, Octaves = octaves, Splits = splits } } };
        var graph = new GraphBuilder(GraphMode.Inference);

        var logits = Multimodal.Network.For(new() { FrontEnd = frontEnd }).Forward(5, 0)(graph, graph.Input("x", new TensorShape(2, 1, frontEnd.Mel.Rows, 39)));

        Assert.Equal(new TensorShape(2, 5), logits.Shape);
        var split = Assert.Single(graph.Operations, operation => operation.Type == "Split");
        Assert.Equal([52L, bands], split.Outputs.Select(part => part.Shape[2]));
    }

    [Fact]
    public void For_FrontEndWithoutWaveletBands_SaysHowToAskForThem()
    {
        var error = Assert.Throws<TrainingException>(() => Multimodal.Network.For(new()));

        Assert.Contains("--wavelet", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> HeardAsync(GenrePipeline pipeline, float[] samples)
    {
        await using var stream = pipeline.Open(new GenreStreamOptions
        {
            StreamId = "test",
            Format = new PcmFormat(PcmEncoding.S16Le, GeneratedAudio.SampleRateHz, 1),
            MaxPendingWindows = 64,
        });
        await stream.WriteAsync(GeneratedAudio.Wav(samples, GeneratedAudio.SampleRateHz).AsMemory(44));
        await stream.CompleteAsync();
        var top = "";
        await foreach (var update in stream.Updates.ReadAllAsync())
        {
            top = update.TopGenre;
        }

        return top;
    }
}

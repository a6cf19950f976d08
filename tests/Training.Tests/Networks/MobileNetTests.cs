using StreamGenre.Training.Backbones;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Networks;

public class MobileNetTests
{
    private const int Batch = 2;

    private static readonly TensorShape Shape = new(Batch, 1, 64, 96);

    private static TrainingRunOptions Options => MobileNet.Network.Recipe with { Network = MobileNet.Network.Name, Init = TestBackbone.For("mobilenet"), Data = ["music"] };

    [Fact]
    public void Step_FrozenThenThawed_MovesTheBackboneOnlyAfterwards()
    {
        using var session = Session(new FineTuning(OnnxBackbone.Prefix, FrozenSteps: 2, Share: 0.1));
        var start = session.Parameters();
        var names = start.Keys.Where(name => name.StartsWith(OnnxBackbone.Prefix, StringComparison.Ordinal)).ToList();
        Assert.Equal(4, names.Count);

        Step(session);
        Step(session);
        var frozen = session.Parameters();
        Step(session);
        var thawed = session.Parameters();

        Assert.All(names, name => Assert.Equal(start[name].Values, frozen[name].Values));
        Assert.All(names, name => Assert.NotEqual(start[name].Values, thawed[name].Values));
        Assert.NotEqual(start["head.weight"].Values, frozen["head.weight"].Values);
    }

    [Fact]
    public void Step_ShareOfTheRate_ScalesTheUpdate()
    {
        using var whole = Session(new FineTuning(OnnxBackbone.Prefix, FrozenSteps: 0, Share: 1));
        using var tenth = Session(new FineTuning(OnnxBackbone.Prefix, FrozenSteps: 0, Share: 0.1));
        var start = whole.Parameters();

        Step(whole);
        Step(tenth);

        foreach (var (name, tensor) in whole.Parameters())
        {
            var share = name.StartsWith(OnnxBackbone.Prefix, StringComparison.Ordinal) ? 0.1 : 1;
            var other = tenth.Parameters()[name].Values;
            for (var i = 0; i < other.Length; i++)
            {
                Assert.Equal(share * (tensor.Values[i] - start[name].Values[i]), other[i] - start[name].Values[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Forward_FrozenThroughout_TrainsTheHeadAlone()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        NetworkCatalog.Of(Options with { FrozenEpochs = 20, Epochs = 20 }).Forward(3, 0)(graph, graph.Input("x", Shape));

        Assert.Equal(["head.weight", "head.bias"], graph.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(4, graph.FrozenParameters.Count);
    }

    [Fact]
    public void Forward_UnfrozenFromALayer_TrainsItAndWhatFollows()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        NetworkCatalog.Of(Options with { UnfreezeFrom = "second.weight" }).Forward(3, 0)(graph, graph.Input("x", Shape));

        Assert.Equal(4, graph.Parameters.Count);
        Assert.Equal(2, graph.FrozenParameters.Count);
    }

    [Fact]
    public void Errors_NoBackbone_SaysHowToNameOne() =>
        Assert.Contains(Assert.Single((Options with { Init = null }).Errors()), MobileNet.NeedsBackbone, StringComparison.Ordinal);

    [Fact]
    public void Errors_BackboneForAnotherNetwork_SaysSo() =>
        Assert.Contains("--init", Assert.Single((Options with { Network = "conv4" }).Errors()), StringComparison.Ordinal);

    [Fact]
    public async Task Train_NoBackbone_EndsWithTwoAndOneLine()
    {
        var (code, _, error) = await Commands.Cli.RunAsync("train", "--data", "music", "--network", "mobilenet");

        Assert.Equal((2, $"error: {MobileNet.NeedsBackbone}{Environment.NewLine}"), (code, error));
    }

    private static TrainingSession Session(FineTuning fineTuning) => TrainingSession.Create(
        NetworkCatalog.Of(Options).Forward(3, 0), Shape, 3, new Sgd(), new TrainingOptions { Seed = 1, FineTuning = fineTuning });

    private static void Step(TrainingSession session)
    {
        var x = Enumerable.Range(0, (int)Shape.Count).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        session.Step(x, [1, 0, 0, 0, 0, 1], 0.1f);
    }
}

using System.Text.Json;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Optimizers;

/// <summary>Steps of <see cref="SmallNetwork"/> against PyTorch's, from Golden/training_golden.json (see make_training_golden.py there).</summary>
public sealed class TrainingStepParityTests
{
    private const int Batch = 5, Classes = 3, Steps = 10;

    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "training_golden.json"))).RootElement;

    public static TheoryData<string> Runs => ["adamw", "adam_l2", "sgd_momentum", "sgd_nesterov_clipped"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Step_OneAndTenSteps_MatchPyTorch(string run)
    {
        var (optimizer, learningRate, clip) = OptimizerOf(run);
        var golden = Golden.GetProperty(run);
        using var session = TrainingSession.Create(
            SmallNetwork.Forward,
            new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims]),
            Classes,
            optimizer,
            new TrainingOptions { ClipNorm = clip },
            Start());

        for (var step = 0; step < Steps; step++)
        {
            var x = Numbers((int)(Batch * SmallNetwork.ItemShape.Count), step).Select(value => (float)(2 * value)).ToArray();
            var loss = session.Step(x, SoftTargets(step), learningRate);
            Assert.Equal(golden.GetProperty("losses")[step].GetDouble(), loss, 1e-5);
            if (step == 0)
            {
                AssertParameters(golden.GetProperty("after_1"), session.Parameters(), 2e-6);
            }
        }

        // Rounding grows from step to step, most where Adam divides a small gradient by its own root mean square.
        AssertParameters(golden.GetProperty("after_10"), session.Parameters(), 1e-4);
    }

    private static (Optimizer Optimizer, float LearningRate, double? Clip) OptimizerOf(string run) => run switch
    {
        "adamw" => (new AdamW { WeightDecay = 0.1 }, 0.01f, null),
        "adam_l2" => (new Adam { WeightDecay = 0.05 }, 0.01f, null),
        "sgd_momentum" => (new Sgd { Momentum = 0.9, WeightDecay = 0.01 }, 0.05f, null),
        "sgd_nesterov_clipped" => (new Sgd { Momentum = 0.9, Nesterov = true }, 0.05f, 0.2),
        _ => throw new ArgumentOutOfRangeException(nameof(run), run, "No such run."),
    };

    private static void AssertParameters(JsonElement expected, IReadOnlyDictionary<string, ParameterTensor> actual, double tolerance)
    {
        Assert.Equal(expected.EnumerateObject().Select(property => property.Name).Order(), actual.Keys.Order());
        foreach (var property in expected.EnumerateObject())
        {
            var values = actual[property.Name].Values;
            Assert.Equal(property.Value.GetArrayLength(), values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                var difference = Math.Abs(property.Value[i].GetDouble() - values[i]);
                Assert.True(difference <= tolerance, $"{property.Name}[{i}]: PyTorch {property.Value[i].GetDouble()}, here {values[i]}.");
            }
        }
    }

    /// <summary>The formula of make_training_golden.py.</summary>
    private static double[] Numbers(int count, int k) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var value = Math.Sin((12.9898 * i) + (78.233 * k)) * 43758.5453;
        return value - Math.Floor(value) - 0.5;
    })];

    private static float[] SoftTargets(int step) => [.. Numbers(Batch * Classes, 1000 + step)
        .Select(value => Math.Exp(4 * value))
        .Chunk(Classes)
        .SelectMany(row => row.Select(value => (float)(value / row.Sum())))];

    private static Dictionary<string, ParameterTensor> Start()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        SmallNetwork.Forward(graph, graph.Input("x", new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims])));
        var k = 100;
        return graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => new ParameterTensor(
            parameter.Name,
            parameter.Value.Shape,
            parameter.Trainable
                ? [.. Numbers(parameter.Initial.Length, k++).Select(value => (float)(value + (parameter.Name == "bn1.weight" ? 1 : 0)))]
                : parameter.Initial));
    }
}

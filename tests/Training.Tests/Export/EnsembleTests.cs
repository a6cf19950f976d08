using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Export;

public class EnsembleTests
{
    private static readonly ModelContract Contract = new() { Name = "member", Version = "1.0.0", Labels = ["a", "b", "c"], Temperature = 0.7 };

    [Fact]
    public void Join_MembersOfOtherTemperaturesAndLabelOrders_AnswersWithTheMeanOfTheirProbabilities()
    {
        using var folder = new TemporaryFolder();
        var contracts = new[] { Contract, Contract with { Temperature = 2.5 }, Contract with { Labels = ["c", "a", "b"] } };
        var members = contracts.Select((contract, seed) => Member(folder, seed, contract)).ToList();
        var path = folder.In("ensemble.onnx");
        File.WriteAllBytes(path, Ensemble.Join(members, Contract with { Name = "joined", Temperature = 1 }));
        var x = Enumerable.Range(0, 5 * 128 * 39).Select(i => MathF.Sin(i * 0.11f)).ToArray();

        using var ensemble = new ModelFile(path);
        var logits = ensemble.Logits(x);

        Assert.Equal(("joined", 1.0), (ensemble.Contract.Name, ensemble.Contract.Temperature));
        var expected = new double[15];
        foreach (var member in members)
        {
            using var model = new ModelFile(member.Path);
            var own = model.Logits(x);
            for (var row = 0; row < 5; row++)
            {
                var p = Probabilities.Softmax(own.AsSpan(row * 3, 3), member.Contract.Temperature);
                for (var label = 0; label < 3; label++)
                {
                    expected[(row * 3) + label] += p[member.Contract.Labels.ToList().IndexOf(Contract.Labels[label])] / 3;
                }
            }
        }

        var answers = Enumerable.Range(0, 5).SelectMany(row => Probabilities.Softmax(logits.AsSpan(row * 3, 3), 1)).ToArray();
        Assert.All(Enumerable.Range(0, 15), i => Assert.Equal(expected[i], answers[i], 1e-5));
    }

    [Fact]
    public void Join_SameMembersTwice_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var members = new[] { Member(folder, 1, Contract), Member(folder, 2, Contract) };

        Assert.Equal(Ensemble.Join(members, Contract), Ensemble.Join(members, Contract));
    }

    [Fact]
    public void Join_OtherFrontEndsAndLabels_ListsAllDifferences()
    {
        using var folder = new TemporaryFolder();
        var members = new[]
        {
            Member(folder, 1, Contract),
            Member(folder, 2, Contract with { FloorBelowMax = 60, Labels = ["a", "b", "d"] }),
            Member(folder, 3, Contract with { Normalization = WindowNormalization.None }),
        };

        var error = Assert.Throws<TrainingException>(() => Ensemble.Join(members, Contract));

        Assert.Contains("2.onnx: floor_below_max is 60, not 80", error.Message, StringComparison.Ordinal);
        Assert.Contains("2.onnx: labels are a, b, d, not a, b, c", error.Message, StringComparison.Ordinal);
        Assert.Contains("3.onnx: normalization is none, not standardize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Join_OneModel_IsRefused()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<TrainingException>(() => Ensemble.Join([Member(folder, 1, Contract)], Contract));
    }

    private static (string Path, ModelProto Model, ModelContract Contract) Member(TemporaryFolder folder, int seed, ModelContract contract)
    {
        static Value Forward(GraphBuilder graph, Value x) => graph.DenseLayer("head", graph.Flatten(graph.GlobalAveragePool(
            graph.Relu(graph.ConvLayer("conv", x, 4, Window2D.Square(3, stride: 2), bias: true)))), 3);

        var start = new GraphBuilder(GraphMode.Inference, seed);
        Forward(start, start.Input("x", new TensorShape(1, 1, 128, 39)));
        var parameters = start.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, Array.ConvertAll(parameter.Initial, value => 3 * value)));
        var path = folder.In($"{seed}.onnx");
        var bytes = Exporter.Export(Forward, parameters, contract);
        File.WriteAllBytes(path, bytes);
        return (path, ModelProto.Parser.ParseFrom(bytes), contract);
    }
}

using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Gradients;

public sealed class GradientRulesTests
{
    private const int CasesPerOperator = 25;

    public static TheoryData<string> Operators => [.. GradientRules.Operators.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Rule_RandomShapes_MatchesCentralDifferences(string operatorType)
    {
        Assert.True(GradientCases.ByOperator.ContainsKey(operatorType), $"The rule for {operatorType} has no checker case: add one to GradientCases.");
        for (var seed = 0; seed < CasesPerOperator; seed++)
        {
            var random = new Random(seed);
            var subject = GradientCases.ByOperator[operatorType](random);
            try
            {
                Assert.Contains(operatorType, GradientChecker.Check(subject, random));
            }
            catch (Exception e) when (e is InvalidOperationException or OnnxRuntimeException)
            {
                Assert.Fail($"{operatorType}, seed {seed}: {e.Message}");
            }
        }
    }

    [Fact]
    public void Cases_EveryOne_HasARule() => Assert.Empty(GradientCases.ByOperator.Keys.Except(GradientRules.Operators));

    [Fact]
    public void Checker_WrongGradient_IsCaught()
    {
        // x·x² with the square hidden from differentiation: the gradient written is x², the true one 3x².
        var wrong = new GradientCase([new TensorShape(3)], (g, x) =>
        {
            Value detached;
            using (g.Unrecorded())
            {
                detached = g.Mul(x[0], x[0]);
            }

            return g.Mul(x[0], detached);
        });

        Assert.Throws<InvalidOperationException>(() => GradientChecker.Check(wrong, new Random(0)));
    }

    [Fact]
    public void Of_OperatorWithoutRule_ThrowsByName()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(3));
        var loss = graph.ReduceSum(graph.Node("Erf", [x], x.Shape), keepDims: false);

        var error = Assert.Throws<NotSupportedException>(() => Backward.Of(graph, loss, [x]));

        Assert.Contains("'Erf'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OperatorWithoutRuleOffThePath_IsNotAsked()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(3));
        var other = graph.Input("other", new TensorShape(3));
        var loss = graph.ReduceSum(graph.Mul(x, graph.Node("Erf", [other], other.Shape)), keepDims: false);

        Assert.Equal(x.Shape, Assert.Single(Backward.Of(graph, loss, [x])).Shape);
    }

    [Fact]
    public void Of_LossOfSeveralValues_Throws()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(3));

        Assert.Throws<ArgumentException>(() => Backward.Of(graph, graph.Relu(x), [x]));
    }
}

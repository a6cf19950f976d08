using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Optimizers;

public sealed class TrainingSessionTests
{
    private const int Batch = 16;
    private const int Classes = 3;

    [Fact]
    public void Step_LearnableProblem_LossFallsAndAccuracyRises()
    {
        using var session = Create(new AdamW());
        var random = new Random(1);
        var losses = new List<float>();
        for (var i = 0; i < 150; i++)
        {
            var (x, targets) = Bars(random);
            losses.Add(session.Step(x, targets, 0.01f));
        }

        Assert.InRange(losses[0], 0.8f, 2f);
        Assert.True(losses.TakeLast(10).Average() < 0.2, $"The loss went from {losses[0]} to {losses.TakeLast(10).Average()}.");
    }

    [Fact]
    public void Step_SameSeedWithDropout_RepeatsBitForBit()
    {
        float[] Losses(int seed)
        {
            using var session = TrainingSession.Create(
                Dropped, new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims]), Classes, new AdamW(), new TrainingOptions { Seed = seed });
            var random = new Random(7);
            return [.. Enumerable.Range(0, 8).Select(_ =>
            {
                var (x, targets) = Bars(random);
                return session.Step(x, targets, 0.01f);
            })];
        }

        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));
    }

    [Fact]
    public void Restore_CapturedState_ContinuesAsIfNeverStopped()
    {
        TrainingSession Start() => TrainingSession.Create(
            Dropped,
            new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims]),
            Classes,
            new AdamW(),
            new TrainingOptions { Seed = 5, EmaDecay = 0.9, ClipNorm = 1 });
        var data = Enumerable.Range(0, 7).Select(seed => Bars(new Random(seed))).ToArray();
        using var first = Start();
        foreach (var (x, targets) in data[..3])
        {
            first.Step(x, targets, 0.01f);
        }

        var state = first.Capture();
        var expected = data[3..].Select(batch => first.Step(batch.X, batch.Targets, 0.01f)).ToArray();
        using var second = Start();
        second.Restore(state);

        Assert.Equal(expected, data[3..].Select(batch => second.Step(batch.X, batch.Targets, 0.01f)).ToArray());
        Assert.Equal(first.Parameters(average: true)["fc.weight"].Values, second.Parameters(average: true)["fc.weight"].Values);
    }

    [Fact]
    public void Restore_StateOfAnotherOptimiser_ThrowsNamingWhatIsMissing()
    {
        using var sgd = Create(new Sgd());
        using var adam = Create(new Adam());

        var error = Assert.Throws<ArgumentException>(() => adam.Restore(sgd.Capture()));

        Assert.Contains("adam.mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_Average_IsTheMovingAverageOfTheWeights()
    {
        const double Decay = 0.8;
        using var session = Create(new Sgd(), new TrainingOptions { Seed = 3, EmaDecay = Decay });
        var expected = Array.ConvertAll(session.Parameters()["fc.weight"].Values, value => (double)value);
        var random = new Random(2);
        for (var step = 0; step < 5; step++)
        {
            var (x, targets) = Bars(random);
            session.Step(x, targets, 0.1f);
            var weights = session.Parameters()["fc.weight"].Values;
            expected = [.. expected.Zip(weights, (average, weight) => (Decay * average) + ((1 - Decay) * weight))];
        }

        var actual = session.Parameters(average: true)["fc.weight"].Values;
        Assert.NotEqual(session.Parameters()["fc.weight"].Values, actual);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void Parameters_AverageNotKept_ThrowsNamingTheOption()
    {
        using var session = Create(new Sgd());

        var error = Assert.Throws<InvalidOperationException>(() => session.Parameters(average: true));

        Assert.Contains("EmaDecay", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_ClippedGradient_MovesAtMostTheNormTimesTheRate()
    {
        const double Norm = 0.01;
        using var session = Create(new Sgd { Momentum = 0 }, new TrainingOptions { Seed = 3, ClipNorm = Norm });
        var before = session.Parameters();
        var (x, targets) = Bars(new Random(1));

        session.Step(x, targets, 1f);

        var after = session.Parameters();
        var squares = before.Values
            .Where(parameter => !parameter.Name.Contains("running", StringComparison.Ordinal))
            .SelectMany(parameter => parameter.Values.Zip(after[parameter.Name].Values, (a, b) => Math.Pow((double)a - b, 2)));
        Assert.Equal(Norm, Math.Sqrt(squares.Sum()), Norm * 1e-3);
    }

    [Fact]
    public void Step_WeightDecay_LeavesBiasesAndNormsAlone()
    {
        // Targets equal to what the network says make the gradient 0, so that only the decay moves weights.
        using var session = Create(new AdamW { WeightDecay = 0.5 });
        var (x, _) = Bars(new Random(1));
        var uniform = Enumerable.Repeat(1f / Classes, Batch * Classes).ToArray();
        session.Step(x, uniform, 0);
        var own = session.Logits.ToArray().Chunk(Classes).SelectMany(row =>
        {
            var sum = row.Sum(logit => Math.Exp(logit));
            return row.Select(logit => (float)(Math.Exp(logit) / sum));
        }).ToArray();
        using var fresh = TrainingSession.Create(
            SmallNetwork.Forward,
            new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims]),
            Classes,
            new Sgd { Momentum = 0, WeightDecay = 0.5 },
            new TrainingOptions { Seed = 3 });
        var before = fresh.Parameters();

        fresh.Step(x, own, 0.1f);

        var after = fresh.Parameters();
        Assert.Equal(before["conv1.weight"].Values[0] * 0.95f, after["conv1.weight"].Values[0], 1e-5);
        Assert.Equal(before["fc.weight"].Values[0] * 0.95f, after["fc.weight"].Values[0], 1e-5);
        Assert.Equal(before["fc.bias"].Values[0], after["fc.bias"].Values[0], 1e-5);
        Assert.Equal(before["bn1.weight"].Values[0], after["bn1.weight"].Values[0], 1e-5);
    }

    [Fact]
    public void Step_BatchOfTheWrongLength_ThrowsNamingBothLengths()
    {
        using var session = Create(new Sgd());

        var error = Assert.Throws<ArgumentException>(() => session.Step(new float[5], new float[Batch * Classes], 0.1f));

        Assert.Contains("5", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Batch * SmallNetwork.ItemShape.Count}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BadOptions_ThrowsListingAll()
    {
        var error = Assert.Throws<ArgumentException>(() => Create(new Sgd(), new TrainingOptions { ClipNorm = -1, EmaDecay = 1.5, Threads = -2 }));

        Assert.Contains("-1", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("-2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_Masks_KeepTheShareAndTheMean()
    {
        // The network is the mean of a dropped-out field of ones, so its logits are the mean of the mask: near 1, with the variance
        // p/(1 − p)/n of kept values scaled by 1/(1 − p).
        const float Rate = 0.25f;
        const int Values = 20_000;
        using var session = TrainingSession.Create(
            (g, x) => g.Add(g.ReduceMean(g.Dropout(x, Rate), [1]), g.Parameter("shift", new TensorShape(1), Initializers.Zeros)),
            new TensorShape(2, Values),
            new TensorShape(2, 1),
            (g, y, target) => g.ReduceMean(g.Pow(g.Sub(y, target), 2)),
            new Sgd { Momentum = 0 },
            new TrainingOptions { Seed = 11 });
        var ones = Enumerable.Repeat(1f, 2 * Values).ToArray();

        session.Step(ones, [1, 1], 0);
        var first = session.Logits.ToArray();
        session.Step(ones, [1, 1], 0);

        var deviation = Math.Sqrt(Rate / (1 - Rate) / Values);
        Assert.All(first, mean => Assert.InRange(mean, 1 - (5 * deviation), 1 + (5 * deviation)));
        Assert.NotEqual(first, session.Logits.ToArray());
    }

    private static Value Dropped(GraphBuilder g, Value x)
    {
        var h = g.Relu(g.ConvLayer("conv", x, 4, Window2D.Square(3), bias: true));
        h = g.Dropout(h, 0.2f, new TensorShape(h.Shape[0], h.Shape[1], 1, 1));
        return g.DenseLayer("fc", g.Dropout(g.Flatten(g.GlobalMaxPool(h)), 0.3f), Classes);
    }

    private static TrainingSession Create(Optimizer optimizer, TrainingOptions? options = null) => TrainingSession.Create(
        SmallNetwork.Forward, new TensorShape([Batch, .. SmallNetwork.ItemShape.Dims]), Classes, optimizer, options ?? new TrainingOptions { Seed = 3 });

    /// <summary>Noisy images with a horizontal bar, a vertical bar or neither: what a convolution can tell apart and a mean can't.</summary>
    private static (float[] X, float[] Targets) Bars(Random random)
    {
        const int Height = 9, Width = 8;
        var x = new float[Batch * Height * Width];
        var targets = new float[Batch * Classes];
        foreach (ref var value in x.AsSpan())
        {
            value = (float)(random.NextDouble() - 0.5) * 0.5f;
        }

        for (var item = 0; item < Batch; item++)
        {
            var label = random.Next(Classes);
            targets[(item * Classes) + label] = 1;
            var (row, column) = (random.Next(Height), random.Next(Width));
            for (var i = 0; i < Height; i++)
            {
                for (var j = 0; j < Width; j++)
                {
                    if ((label == 0 && i == row) || (label == 1 && j == column))
                    {
                        x[(((item * Height) + i) * Width) + j] += 1.5f;
                    }
                }
            }
        }

        return (x, targets);
    }
}

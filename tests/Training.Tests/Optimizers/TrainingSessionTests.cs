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

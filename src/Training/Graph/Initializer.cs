namespace StreamGenre.Training.Graph;

/// <summary>Fills a parameter's starting values from a seeded source of randomness.</summary>
internal delegate void Initializer(Span<float> values, Random random);

/// <summary>The usual starting values.</summary>
internal static class Initializers
{
    public static Initializer Zeros { get; } = Fill(0);

    public static Initializer Ones { get; } = Fill(1);

    public static Initializer Fill(float value) => (values, _) => values.Fill(value);

    /// <summary>Uniform in [−limit, limit].</summary>
    public static Initializer Uniform(double limit) => (values, random) =>
    {
        foreach (ref var value in values)
        {
            value = (float)(((2 * random.NextDouble()) - 1) * limit);
        }
    };

    /// <summary>Normal with mean 0 (Box and Muller's transform).</summary>
    public static Initializer Normal(double deviation) => (values, random) =>
    {
        foreach (ref var value in values)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            value = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    };

    /// <summary>He et al. 2015 (arXiv:1502.01852), eq. 10, over the outputs' fan: normal with variance 2 / fan.</summary>
    public static Initializer He(long fan) => Normal(Math.Sqrt(2.0 / fan));

    /// <summary>Uniform within 1/√fanIn: what PyTorch starts linear layers and all biases from.</summary>
    public static Initializer FanIn(long fanIn) => Uniform(1 / Math.Sqrt(fanIn));
}

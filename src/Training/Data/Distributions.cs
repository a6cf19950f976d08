namespace StreamGenre.Training.Data;

/// <summary>Draws from a seeded source, in the distributions augmentation asks for.</summary>
internal static class Distributions
{
    /// <summary>Uniform in [low, high).</summary>
    public static double Uniform(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    /// <summary>Uniform in the logarithm: every octave between the bounds is as likely.</summary>
    public static double LogUniform(this Random random, double low, double high) => Math.Exp(random.Uniform(Math.Log(low), Math.Log(high)));

    /// <summary>Normal of mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Beta(α, α) (Jöhnk 1964: accepts often while α is at most about 1).</summary>
    public static double SymmetricBeta(this Random random, double alpha)
    {
        while (true)
        {
            var x = Math.Pow(random.NextDouble(), 1 / alpha);
            var y = Math.Pow(random.NextDouble(), 1 / alpha);
            if (x + y is > 0 and <= 1)
            {
                return x / (x + y);
            }
        }
    }

    /// <summary>True with a probability.</summary>
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;
}

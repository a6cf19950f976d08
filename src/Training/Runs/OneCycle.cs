namespace StreamGenre.Training.Runs;

/// <summary>
/// One-cycle learning rate (Smith and Topin 2018, arXiv:1708.07120) with cosine flanks: from a twenty-fifth of the highest up over the first fifth of the
/// steps, then down to nearly nothing, where the weights settle.
/// </summary>
internal static class OneCycle
{
    private const double Rise = 0.2;
    private const double StartShare = 1.0 / 25;
    private const double EndShare = 1e-5;

    /// <summary>The rate of a step.</summary>
    /// <param name="step">0..steps−1.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="highest">The highest rate.</param>
    public static double Rate(int step, int steps, double highest)
    {
        var top = Math.Max(1, Rise * (steps - 1));
        return highest * (step <= top
            ? Cosine(StartShare, 1, step / top)
            : Cosine(1, EndShare, (step - top) / Math.Max(1, steps - 1 - top)));
    }

    private static double Cosine(double from, double to, double progress) => to + ((from - to) * (1 + Math.Cos(Math.PI * progress)) / 2);
}

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// The learning rate of each step of a run.
/// <list type="bullet">
/// <item>One-cycle (Smith and Topin 2018, arXiv:1708.07120) with cosine flanks: from a twenty-fifth of the highest up over the warm-up, then down to
/// nearly nothing, where the weights settle.</item>
/// <item>Cosine (Loshchilov and Hutter 2017, arXiv:1608.03983, one cycle without restarts): up in a straight line over the warm-up, then
/// η·(1 + cos(π·t/T))/2.</item>
/// <item>Constant: up in a straight line over the warm-up, then η.</item>
/// </list>
/// </summary>
/// <param name="Kind">The form.</param>
/// <param name="Highest">η, the highest rate.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="WarmUpShare">Share of the steps over which the rate rises, 0 to below 1; null for the form's own: a fifth for one-cycle, none for the others.</param>
internal sealed record LearningRateSchedule(ScheduleKind Kind, double Highest, int Steps, double? WarmUpShare = null)
{
    private const double OneCycleRise = 0.2;
    private const double StartShare = 1.0 / 25;
    private const double EndShare = 1e-5;

    /// <summary>The rate of a step.</summary>
    /// <param name="step">0..Steps−1.</param>
    public double Rate(int step) => Highest * (Kind == ScheduleKind.OneCycle ? OneCycle(step) : AfterLinearRise(step));

    private double OneCycle(int step)
    {
        var top = Math.Max(1, (WarmUpShare ?? OneCycleRise) * (Steps - 1));
        return step <= top
            ? Between(StartShare, 1, step / top)
            : Between(1, EndShare, (step - top) / Math.Max(1, Steps - 1 - top));
    }

    private double AfterLinearRise(int step)
    {
        var rise = (int)Math.Round((WarmUpShare ?? 0) * Steps);
        return step < rise
            ? (step + 1.0) / rise
            : Kind == ScheduleKind.Constant ? 1 : Between(1, 0, (double)(step - rise) / (Steps - rise));
    }

    private static double Between(double from, double to, double progress) => to + ((from - to) * (1 + Math.Cos(Math.PI * progress)) / 2);
}

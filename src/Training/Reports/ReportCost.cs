using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>What a model costs, and what it gives for it.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Parameters">Numbers in its floating-point constants.</param>
/// <param name="Megaflops">Millions of floating-point operations a window, two for each multiply-add.</param>
/// <param name="AccuracyPerMegaflop">Points of clip accuracy (0..100) for each of them; null where there are none. It grows without bound as a model shrinks, so it ranks models
/// of like accuracy and says nothing of a model alone.</param>
internal sealed record ReportCost(long Bytes, long Parameters, double Megaflops, double? AccuracyPerMegaflop)
{
    /// <summary>Counts a model.</summary>
    public static ReportCost Of(string path, ModelContract contract, IReadOnlyList<Figure> figures)
    {
        var cost = ModelCost.Of(path, contract);
        var megaflops = cost.Flops / 1e6;
        return new ReportCost(
            new FileInfo(path).Length,
            cost.Parameters,
            megaflops,
            megaflops > 0 ? 100 * figures.First(figure => figure.Key == FigureSheet.ClipAccuracy).Value / megaflops : null);
    }
}

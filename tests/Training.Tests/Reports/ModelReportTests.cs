using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Tests.Reports;

public class ModelReportTests
{
    private static readonly string[] ModelSections = ["figures", "listening-time", "confusion", "genres", "precision-recall", "calibration", "mistakes", "cost"];

    [Fact]
    public void Render_ShippedModel_IsOneSelfContainedPageWithItsNumbers()
    {
        var (report, _, _) = SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath));

        var html = ModelReportPage.Render(report);

        var json = SmallReport.AssertPage(html, ModelSections);
        Assert.Equal(12, json.GetProperty("clips").GetInt32());
        Assert.Equal(["first.npz", "second"], json.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString()));
        Assert.Equal([6, 6], json.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("clips").GetInt32()));
        Assert.Equal(12, json.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray()).Sum(count => count.GetInt32()));
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ShippedModel_CountsItsCost()
    {
        var (report, _, _) = SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath));

        Assert.Equal(new FileInfo(SmallReport.ModelPath).Length, report.Cost.Bytes);
        Assert.InRange(report.Cost.Megaflops, 1, 60);
        Assert.InRange(4.0 * report.Cost.Parameters / report.Cost.Bytes, 0.4, 2.1);
        var accuracy = report.Figures.Single(figure => figure.Key == FigureSheet.ClipAccuracy).Value;
        Assert.Equal(100 * accuracy!.Value / report.Cost.Megaflops, report.Cost.AccuracyPerMegaflop!.Value, 1e-9);
    }

    [Fact]
    public void Of_AnySet_GivesEachFigureWithItsIntervalAroundIt()
    {
        var (report, _, _) = SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath));

        Assert.Equal(report.Figures.Count, report.Figures.Select(figure => figure.Key).Distinct().Count());
        Assert.All(report.Figures.Where(figure => figure.Interval is not null), figure => Assert.True(figure.Interval!.Low <= figure.Interval.High, figure.Key));
        Assert.All(
            report.Figures.Where(figure => figure.Key is "clip_accuracy" or "window_accuracy" or "track_accuracy"),
            figure => Assert.InRange(figure.Value!.Value, figure.Interval!.Low, figure.Interval.High));
    }

    [Fact]
    public void Render_RunFolder_ShowsItsCurvesAndSettings()
    {
        using var folder = new TemporaryFolder();
        var run = SmallReport.WriteRun(folder.In("run"));

        var (report, _, _) = SmallReport.Of(ReportSubject.Of(run));

        SmallReport.AssertPage(ModelReportPage.Render(report), [.. ModelSections[..6], "training", .. ModelSections[6..], "settings"]);
        Assert.NotEmpty(report.Epochs!);
    }

    [Fact]
    public void Of_RunThatCutsOnAGrid_HearsItsWindowsAndNoOthers()
    {
        using var folder = new TemporaryFolder();
        var run = SmallReport.WriteRun(folder.In("run"), windowHopSeconds: 3);

        // Of clips of 90 frames every 39, the length of a window, against every 13.
        Assert.Equal(12 * 2, SmallReport.Of(ReportSubject.Of(run)).Report.Windows);
        Assert.Equal(12 * 2, SmallReport.Of(ReportSubject.Of(Path.Combine(run, "model.onnx"))).Report.Windows);
        Assert.Equal(12 * 4, SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath)).Report.Windows);
    }

    [Fact]
    public void Of_SeveralOfOneFolder_AreNamedByWhereTheyDiffer()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [folder.In("lab", "one", "model.onnx"), folder.In("lab", "two", "model.onnx")];
        foreach (var path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(SmallReport.ModelPath, path);
        }

        Assert.Equal([Path.Combine("one", "model.onnx"), Path.Combine("two", "model.onnx")], ReportSubject.Of(paths).Select(subject => subject.Name));
        Assert.Equal(["model.onnx", "model.onnx"], ReportSubject.Of([paths[0], paths[0]]).Select(subject => subject.Name));
    }

    [Fact]
    public void Of_FolderWithoutARun_SaysSo()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no training run", Assert.Throws<TrainingException>(() => ReportSubject.Of(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no run folder and no model", Assert.Throws<TrainingException>(() => ReportSubject.Of(folder.In("none"))).Message, StringComparison.Ordinal);
    }
}

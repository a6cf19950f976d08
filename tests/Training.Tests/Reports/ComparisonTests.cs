using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Tests.Reports;

public class ComparisonTests
{
    [Fact]
    public void Of_AModelAndItself_DiffersInNothing()
    {
        var subject = ReportSubject.Of(SmallReport.ModelPath);

        var comparison = Comparison.Of([SmallReport.Of(subject), SmallReport.Of(subject)]);

        Assert.Empty(comparison.Settings);
        var pair = Assert.Single(comparison.Differences);
        Assert.Equal((12, 0.0, 0.0, 0, 0, 1.0), (pair.Clips, pair.ClipAccuracy, pair.MacroF1, pair.Gained, pair.Lost, pair.PValue));
        Assert.Equal((0, 0), (pair.ClipAccuracyInterval!.Low, pair.ClipAccuracyInterval.High));
    }

    [Fact]
    public void Of_TwoRunsAlikeAndAModel_ShowsNoSettingOfTheRuns()
    {
        using var folder = new TemporaryFolder();
        var run = ReportSubject.Of(SmallReport.WriteRun(folder.In("run")));

        var comparison = Comparison.Of([SmallReport.Of(run), SmallReport.Of(run), SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath))]);

        Assert.DoesNotContain("network", comparison.Settings.Keys);
    }

    [Fact]
    public void Render_ARunAndAModel_ShowsCurvesAndTheSettingsThatOneHasAlone()
    {
        using var folder = new TemporaryFolder();
        var run = SmallReport.WriteRun(folder.In("run"));

        var comparison = Comparison.Of([SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath)), SmallReport.Of(ReportSubject.Of(run))]);

        Assert.Equal([null, "conv4-small"], comparison.Settings["network"]);
        Assert.DoesNotContain("contract.labels", comparison.Settings.Keys);
        SmallReport.AssertPage(
            ComparisonPage.Render(comparison), ["figures", "differences", "listening-time", "genres", "precision-recall", "training", "settings"]);
    }
}

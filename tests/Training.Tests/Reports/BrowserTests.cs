using StreamGenre.StreamHost.Tests.Http;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Tests.Reports;

/// <summary>Pages as a browser shows them.</summary>
[Trait("Category", "Server")]
public class BrowserTests
{
    [Fact]
    public async Task Open_AReport_DrawsEveryChartInBothSchemesFitsAPhoneAndPrints()
    {
        using var folder = new TemporaryFolder();
        var (report, _, _) = SmallReport.Of(ReportSubject.Of(SmallReport.ModelPath));
        await Page.WriteAsync(folder.In("report.html"), ModelReportPage.Render(report), report, CancellationToken.None);

        var seen = await BrowserVisit.RunAsync("report.js", [folder.In("report.html")]);

        foreach (var view in seen.EnumerateObject())
        {
            Assert.Empty(view.Value.GetProperty("errors").EnumerateArray());
            Assert.All(view.Value.GetProperty("requests").EnumerateArray(), request => Assert.Matches("^(file|data):", request.GetString()!));
            Assert.All(view.Value.GetProperty("charts").EnumerateArray(), paths => Assert.True(paths.GetInt32() > 3, $"{view.Name}: a chart is empty"));
            Assert.Equal(0, view.Value.GetProperty("overflow").GetInt32());
            Assert.NotEmpty(view.Value.GetProperty("legends").EnumerateArray());
            Assert.All(view.Value.GetProperty("legends").EnumerateArray(), legend =>
            {
                Assert.Equal(legend.GetProperty("series").GetInt32(), legend.GetProperty("shown").GetInt32());
                Assert.True(legend.GetProperty("hides").GetBoolean(), $"{view.Name}: a click hides no series");
            });
        }

        // WCAG 2.1: 4.5 for text, 3 for graphics.
        foreach (var view in new[] { "light", "dark" })
        {
            var colors = seen.GetProperty(view).GetProperty("colors").EnumerateObject()
                .ToDictionary(color => color.Name, color => color.Value.EnumerateArray().Select(part => part.GetDouble()).ToArray());
            Assert.All(new[] { "--ink", "--muted", "--accent" }, name => Assert.InRange(Contrast(colors[name], colors["--surface"]), 4.5, 21));
            Assert.All(new[] { "--ink", "--muted" }, name => Assert.InRange(Contrast(colors[name], colors["--page"]), 4.5, 21));
            Assert.InRange(Contrast(colors["--on-accent"], colors["--accent"]), 4.5, 21);
            Assert.All(colors.Where(color => color.Key.StartsWith("--s", StringComparison.Ordinal) && color.Key.Length == 4), color =>
                Assert.InRange(Contrast(color.Value, colors["--surface"]), 3, 21));
        }

        Assert.True(seen.GetProperty("dark").GetProperty("pdf").GetInt32() > 10_000);
    }

    private static double Contrast(double[] one, double[] other)
    {
        static double Luminance(double[] color)
        {
            var linear = Array.ConvertAll(color, part => part / 255 <= 0.04045 ? part / 255 / 12.92 : Math.Pow(((part / 255) + 0.055) / 1.055, 2.4));
            return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
        }

        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }
}

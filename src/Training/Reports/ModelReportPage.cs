using System.Globalization;
using System.Text.Json;

using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>A model's report as a page.</summary>
internal static class ModelReportPage
{
    private static readonly string[] Headline = [FigureSheet.ClipAccuracy, "window_accuracy", "macro_f1", "mean_average_precision", "macro_roc_auc", "calibration_error"];

    /// <summary>The page.</summary>
    public static string Render(ModelReport report)
    {
        var charts = new List<Chart>();
        string[] sections =
        [
            Head(report),
            Cards(report),
            Figures(report.Figures),
            Listening(report, charts),
            Confusion(report),
            Genres(report),
            PrecisionRecall(report, charts),
            Calibration(report, charts),
            report.MultiLabel is { } multiLabel ? MultiLabel(multiLabel) : "",
            report.Epochs is { Count: > 0 } epochs ? TrainingCurves.Section(epochs, charts) : "",
            Mistakes(report),
            Cost(report),
            report.Settings is { } settings ? Settings(settings) : "",
            "<footer>The numbers stand as JSON beside this page and in it.</footer>",
        ];
        return Page.Render($"{report.Model["name"]} {report.Model["version"]}", string.Join('\n', sections), report, charts);
    }

    /// <summary>Headline figures with what they mean.</summary>
    internal static string Figures(IReadOnlyList<Figure> figures) => Html.Section(
        "figures",
        "Figures",
        Html.Note("Intervals are 95 %: Wilson's for shares of clips and tracks, the rest by drawing artists (clips, where artists are not known) with replacement a thousand times; calibration errors have none, as drawing adds to their bias. A difference to another model that is smaller than its interval may be luck.")
        + Html.Table(
            ["Figure", "#Value", "#95 %", "What it says"],
            figures.Select(figure => (HtmlCell[])[figure.Name, Html.Number(figure.Value), Html.Range(figure.Interval), HtmlCell.Wide(figure.Meaning)])));

    private static string Head(ModelReport report)
    {
        var model = report.Model;
        string Row(string name, string value) => $"<dt>{Html.Text(name)}</dt><dd>{Html.Text(value)}</dd>";
        var parts = string.Join("; ", report.Parts.Select(part => $"{part.Name}: {part.Clips} clips{(report.Parts.Count > 1 ? $", accuracy {Html.Number(part.ClipAccuracy)} ({Html.Range(part.Interval)})" : "")}"));
        return $"""
            <header>
            <h1>{Html.Text($"{model["name"]} {model["version"]}")}</h1>
            <p class="lead">Heard on {Html.Text(string.Join(" and ", report.Parts.Select(part => part.Name)))}: {report.Clips:N0} clips, {report.Windows:N0} windows, {report.Genres.Count(genre => genre.Clips > 0)} genres</p>
            <dl class="facts">
            {Row("Model", report.Subject)}
            {Row("Tells apart", string.Join(", ", JsonSerializer.Deserialize<string[]>(model["labels"]) ?? []))}
            {Row("Trained on", model.GetValueOrDefault("training_data", Html.None))}
            {Row("Data", parts + (report.TooShort > 0 ? $"; {report.TooShort} left out as too short" : ""))}
            {Row("Counts", $"{report.Tracks:N0} recordings by {report.Groups:N0} artists (a recording whose artist is not known counts as one)")}
            {Row("Windows", $"{report.WindowSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s, one every {report.HopSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s")}
            {Row("Made", report.Created.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture))}
            </dl>
            </header>
            """;
    }

    private static string Cards(ModelReport report)
    {
        var figures = Headline.Select(key => report.Figures.First(figure => figure.Key == key));
        return $"<ul class=\"cards\">{string.Concat(figures.Select(figure => $"<li><span class=\"value\">{Html.Number(figure.Value)}</span><span class=\"name\">{Html.Text(figure.Name)}</span>{(figure.Interval is null ? "" : $"<span class=\"range\">{Html.Range(figure.Interval)}</span>")}</li>"))}</ul>";
    }

    private static string Listening(ModelReport report, List<Chart> charts)
    {
        var answered = report.Listening.Where(point => point.Accuracy is not null).ToList();
        var chart = new Chart(
            "listening",
            "Accuracy of the rolling top genre after so many seconds",
            new ChartAxis("seconds heard", 0, report.Listening[^1].Seconds, Whole: true),
            ChartAxis.Share("accuracy"),
            [ChartSeries.Of("", report.Listening, point => point.Seconds, point => point.Accuracy)]);
        charts.Add(chart);
        var words = answered.Count == 0
            ? $"A window takes {report.WindowSeconds:0.##} s, so there is no answer yet after {report.Listening[^1].Seconds} s."
            : $"The first answer comes when the first window of {report.WindowSeconds:0.##} s is full and is right for {answered[0].Accuracy:P1} of the clips; after {answered[^1].Seconds} s it is {answered[^1].Accuracy:P1}. "
                + $"Of so many clips each figure has a standard error of {StandardError(answered[^1].Accuracy!.Value, report.Clips):P1}, so smaller ups and downs say nothing. By the server's own smoother, the mean over the last 30 s; clips that end earlier stand with their last answer.";
        return Html.Section("listening-time", "How long must one listen?", Html.Note(words) + Html.Figure(chart));
    }

    private static double StandardError(double share, int items) => Math.Sqrt(share * (1 - share) / items);

    private static string Confusion(ModelReport report)
    {
        var names = report.Genres.Select(genre => genre.Genre).ToList();
        var head = string.Concat(names.Select(name => $"<th scope=\"col\"><span>{Html.Text(name)}</span></th>"));
        var rows = string.Concat(names.Select((name, row) =>
        {
            var total = Math.Max(1, report.Confusion[row].Sum());
            var cells = report.Confusion[row].Select((count, column) =>
            {
                var share = (double)count / total;
                string[] classes = [share > 0.5 ? "strong" : "", count == 0 ? "zero" : "", row == column ? "own" : ""];
                var title = $"{count} of {total} {name} heard as {names[column]}";
                return $"<td class=\"{string.Join(' ', classes.Where(name => name.Length > 0))}\" style=\"--v:{share:F2}\" title=\"{Html.Text(title)}\">{count}</td>";
            });
            return $"<tr><th scope=\"row\">{Html.Text(name)}</th>{string.Concat(cells)}</tr>\n";
        }));
        return Html.Section(
            "confusion",
            "Confusion",
            Html.Note("Clips; a row is a genre, its columns what its clips were heard as. Shade is the share of the row.")
            + $"<div class=\"scroll\" tabindex=\"0\"><table class=\"heat\"><caption class=\"axis\">true (rows) against heard (columns)</caption><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>");
    }

    private static string Genres(ModelReport report) => Html.Section(
        "genres",
        "Genres",
        Html.Note("Precision: of what was heard as the genre, the share that is it. Recall: of the genre's clips, the share heard as it. Average precision (AP) and ROC AUC rank all clips by the genre's probability, whatever was heard.")
        + Html.Table(
            ["Genre", "#Clips", "#Precision", "#Recall", "#Recall, 95 %", "#F1", "#AP", "#AP@10", "#ROC AUC"],
            report.Genres.Select(GenreRow)));

    private static HtmlCell[] GenreRow(GenreFigures genre) =>
    [
        genre.Genre, $"{genre.Clips}", HtmlCell.Bar(genre.Precision), HtmlCell.Bar(genre.Recall), Html.Range(genre.RecallInterval), HtmlCell.Bar(genre.F1),
        HtmlCell.Bar(genre.AveragePrecision), Html.Number(genre.AveragePrecisionAt10), Html.Number(genre.RocAuc),
    ];

    private static string PrecisionRecall(ModelReport report, List<Chart> charts)
    {
        Chart Curve(string id, string title, IReadOnlyList<PrecisionRecallPoint> points, bool axes) => new(
            id,
            title,
            ChartAxis.Share(axes ? "recall" : ""),
            ChartAxis.Share(axes ? "precision" : ""),
            [ChartSeries.Of(axes ? "" : "precision", points, point => point.Recall, point => point.Precision, "area")]);

        var micro = report.Figures.First(figure => figure.Key == "micro_average_precision");
        var combined = Curve("pr-all", $"All genres in one ranking: average precision {Html.Number(micro.Value)}", report.MicroPrecisionRecall, axes: true);
        charts.Add(combined);
        var small = report.Genres.Select((genre, label) => (genre, label)).Where(pair => pair.genre.Clips > 0)
            .Select(pair => Curve($"pr-{pair.label}", $"{pair.genre.Genre}: AP {Html.Number(pair.genre.AveragePrecision)}", report.PrecisionRecall[pair.label], axes: false))
            .ToList();
        charts.AddRange(small);
        return Html.Section(
            "precision-recall",
            "Precision and recall",
            Html.Note("From left to right the threshold falls: more clips are found, and more of them wrongly. A genre of few clips has a jagged curve that says little of its shape.")
            + Html.Figure(combined)
            + "<h3>Each genre: precision over recall, both 0 to 1</h3><div class=\"multiples\">" + string.Concat(small.Select(chart => Html.Figure(chart, "small"))) + "</div>");
    }

    private static string Calibration(ModelReport report, List<Chart> charts)
    {
        var bins = report.Reliability;
        var names = bins.Select(bin => $"{bin.From:F2}–{bin.To:F2}").ToList();

        // Independent probabilities state something of every genre, a distribution of its likeliest alone.
        var (items, probability) = report.Model["score_kind"] == "independent_probabilities"
            ? ("Pairs of window and genre", "probability")
            : ("Windows", "highest probability");
        var reliability = new Chart(
            "reliability",
            $"{items} by their {probability}: how many are right, and how sure the model was",
            new ChartAxis(probability, Categories: names),
            ChartAxis.Share("share that is right"),
            [
                new ChartSeries("right", [.. bins.Select((bin, i) => new[] { i, bin.Count > 0 ? Math.Round(bin.Accuracy, 4) : (double?)null })], "bar"),
                new ChartSeries("confidence: where calibrated bars would end", [.. bins.Select((bin, i) => new[] { i, bin.Count > 0 ? Math.Round(bin.Confidence, 4) : (double?)null })], "points"),
            ]);
        var counts = new Chart(
            "reliability-counts",
            $"{items} in each bin",
            new ChartAxis("", Categories: names),
            new ChartAxis("", 0),
            [new ChartSeries("", [.. bins.Select((bin, i) => new double?[] { i, bin.Count })], "bar")]);
        charts.AddRange([reliability, counts]);
        var error = report.Figures.First(figure => figure.Key == "calibration_error");
        return Html.Section(
            "calibration",
            "Calibration",
            Html.Note($"Bars under their diamonds: surer than right; over them: righter than sure. The calibration error, {Html.Number(error.Value)}, is the bars' mean distance from their diamonds, weighted by the numbers below; bins of few may lie anywhere.")
            + Html.Figure(reliability) + Html.Figure(counts, "low"));
    }

    private static string MultiLabel(MultiLabelReport report) => Html.Section(
        "multi-label",
        "Genres told independently",
        Html.Note($"Clips may have several genres. At a threshold of {report.Threshold:0.##}: micro F1 {Html.Number(report.MicroF1)}, macro F1 {Html.Number(report.MacroF1)}, all genres of a clip right {Html.Number(report.SubsetAccuracy)}. "
            + $"Without one: mAP {Html.Number(report.MeanAveragePrecision)}, ROC AUC {Html.Number(report.MacroRocAuc)}, label ranking average precision {Html.Number(report.LabelRankingAveragePrecision)}.")
        + Html.Table(
            ["Genre", "#Clips", "#Precision", "#Recall", "#F1", "#AP", "#ROC AUC"],
            report.Genres.Select(genre => (HtmlCell[])
            [
                genre.Genre, $"{genre.Clips}", HtmlCell.Bar(genre.Precision), HtmlCell.Bar(genre.Recall), HtmlCell.Bar(genre.F1), HtmlCell.Bar(genre.AveragePrecision), Html.Number(genre.RocAuc),
            ])));

    private static string Mistakes(ModelReport report) => Html.Section(
        "mistakes",
        "Worst mistakes",
        report.Mistakes.Count == 0
            ? Html.Note("None: every clip was heard as what it is.")
            : Html.Note("The clips whose wrong answer was the most confident, by the mean probability over their windows. Wrong labels of the data set and genres that overlap stand here first: listen to them.")
                + Html.Table(
                    ["Clip", "Is", "Heard as", "#Probability of that", "#Of its own genre"],
                    report.Mistakes.Select(mistake => (HtmlCell[])[mistake.Clip, mistake.Genre, mistake.Heard, HtmlCell.Bar(mistake.Confidence), Html.Number(mistake.GenreProbability)])));

    private static string Cost(ModelReport report) => Html.Section(
        "cost",
        "Cost",
        Html.Table(
            ["What", "#Value", "What it says"],
            [
                ["Size of the file", $"{report.Cost.Bytes / 1024.0:N0} KiB", ""],
                ["Parameters", $"{report.Cost.Parameters:N0}", HtmlCell.Wide("Numbers in the file's floating-point constants.")],
                ["MFLOP a window", $"{report.Cost.Megaflops:N1}", HtmlCell.Wide("Two for each multiply-add of convolutions, recurrences and matrix products; memory traffic is not in it, so it doesn't order running times of unlike networks.")],
                ["Accuracy per MFLOP", report.Cost.AccuracyPerMegaflop is { } points ? $"{points:N2}" : Html.None, HtmlCell.Wide("Points of clip accuracy for each of them. Grows without bound as a model shrinks: compare models of like accuracy.")],
            ]));

    private static string Settings(JsonElement settings) => Html.Section(
        "settings",
        "Settings of the run",
        $"<details><summary>All settings</summary>{Html.Table(["Setting", "Value"], FlatSettings.Of(settings).Select(pair => (HtmlCell[])[pair.Key, pair.Value]))}</details>");
}

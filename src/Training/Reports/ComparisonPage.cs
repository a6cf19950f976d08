using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>A comparison as a page.</summary>
internal static class ComparisonPage
{
    /// <summary>The page.</summary>
    public static string Render(Comparison comparison)
    {
        var charts = new List<Chart>();
        var first = comparison.Models[0];
        string[] sections =
        [
            $"""
            <header>
            <h1>{comparison.Models.Count} models side by side</h1>
            <p class="lead">Heard on {Html.Text(string.Join(" and ", first.Parts.Select(part => part.Name)))}: {first.Clips:N0} clips, {first.Genres.Count(genre => genre.Clips > 0)} genres</p>
            </header>
            """,
            Figures(comparison),
            Differences(comparison),
            Listening(comparison, charts),
            Genres(comparison),
            PrecisionRecall(comparison, charts),
            Training(comparison, charts),
            Settings(comparison),
            "<footer>The numbers stand as JSON beside this page and in it.</footer>",
        ];
        return Page.Render("Models side by side", string.Join('\n', sections), comparison, charts);
    }

    private static IEnumerable<string> Names(Comparison comparison) => comparison.Models.Select(model => "#" + model.Subject);

    private static string Figures(Comparison comparison)
    {
        var rows = comparison.Models[0].Figures.Select((figure, index) =>
        {
            var values = comparison.Models.Select(model => model.Figures[index]).ToList();
            var best = figure.Better == Better.Higher ? values.Max(value => value.Value) : values.Min(value => value.Value);
            return (HtmlCell[])
            [
                figure.Name,
                .. values.Select(value => new HtmlCell(
                    $"<td class=\"n{(value.Value == best ? " best" : "")}\" title=\"{Html.Text($"95 %: {Html.Range(value.Interval)}")}\">{Html.Number(value.Value)}</td>", IsMarkup: true)),
            ];
        });
        HtmlCell[][] costs =
        [
            ["MFLOP a window", .. comparison.Models.Select(model => $"{model.Cost.Megaflops:N1}")],
            ["Parameters", .. comparison.Models.Select(model => $"{model.Cost.Parameters:N0}")],
            ["Accuracy per MFLOP", .. comparison.Models.Select(model => model.Cost.AccuracyPerMegaflop is { } points ? $"{points:N2}" : Html.None)],
        ];
        return Html.Section(
            "figures",
            "Figures",
            Html.Note("The best of each row stands out, which is not to say that it is better by more than luck: see the paired differences.")
            + Html.Table(["Figure", .. Names(comparison)], [.. rows, .. costs]));
    }

    private static string Differences(Comparison comparison) => Html.Section(
        "differences",
        "Paired differences",
        Html.Note($"Each model against {comparison.Models[0].Subject} on the same clips. An interval that holds 0 leaves open which is better; p is the chance of so uneven a division of gains and losses between equals (McNemar, exact). Of many models compared at once some will look better by luck.")
        + (comparison.Differences.Count == 0
            ? Html.Note("Name a second model to compare.")
            : Html.Table(
                ["Model", "#Clips", "#Clip accuracy", "#95 %", "#Macro F1", "#95 %", "#Gained", "#Lost", "#p"],
                comparison.Differences.Select(pair => (HtmlCell[])
                [
                    pair.Model, $"{pair.Clips}", $"{pair.ClipAccuracy:+0.000;-0.000;0.000}", Html.Range(pair.ClipAccuracyInterval), $"{pair.MacroF1:+0.000;-0.000;0.000}",
                    Html.Range(pair.MacroF1Interval), $"{pair.Gained}", $"{pair.Lost}", $"{pair.PValue:0.000}",
                ]))));

    private static string Listening(Comparison comparison, List<Chart> charts)
    {
        var chart = new Chart(
            "listening",
            "Accuracy of the rolling top genre after so many seconds",
            new ChartAxis("seconds heard", 0, comparison.Models[0].Listening[^1].Seconds, Whole: true),
            new ChartAxis("accuracy"),
            [.. comparison.Models.Select(model => ChartSeries.Of(model.Subject, model.Listening, point => point.Seconds, point => point.Accuracy))]);
        charts.Add(chart);
        return Html.Section("listening-time", "How long must one listen?", Html.Figure(chart));
    }

    private static string Genres(Comparison comparison) => Html.Section(
        "genres",
        "Genres",
        Html.Note("F1 of each genre over clips.")
        + Html.Table(
            ["Genre", "#Clips", .. Names(comparison)],
            comparison.Models[0].Genres.Select(genre => (HtmlCell[])
            [
                genre.Genre,
                $"{genre.Clips}",
                .. comparison.Models.Select(model => HtmlCell.Bar(model.Genres.FirstOrDefault(other => other.Genre == genre.Genre)?.F1)),
            ])));

    private static string PrecisionRecall(Comparison comparison, List<Chart> charts)
    {
        var chart = new Chart(
            "pr-all",
            "Precision and recall, all genres in one ranking",
            ChartAxis.Share("recall"),
            ChartAxis.Share("precision"),
            [.. comparison.Models.Select(model => ChartSeries.Of(model.Subject, model.MicroPrecisionRecall, point => point.Recall, point => point.Precision))]);
        charts.Add(chart);
        return Html.Section("precision-recall", "Precision and recall", Html.Figure(chart, "square"));
    }

    private static string Training(Comparison comparison, List<Chart> charts)
    {
        var runs = comparison.Models.Where(model => model.Epochs is { Count: > 0 }).ToList();
        if (runs.Count == 0)
        {
            return "";
        }

        var loss = new Chart(
            "training-loss",
            "Training loss by epoch, in nats",
            new ChartAxis("epoch", 0, Whole: true),
            new ChartAxis("loss"),
            [.. runs.Select(run => TrainingCurves.Training(run.Epochs!, run.Subject, "loss"))]);
        var accuracy = new Chart(
            "training-accuracy",
            "Clip accuracy on the validation sets by epoch",
            new ChartAxis("epoch", 0, Whole: true),
            new ChartAxis("accuracy"),
            [.. runs.SelectMany(run => run.Epochs!.SelectMany(TrainingCurves.Sets).Select(set => set.Name).Distinct(StringComparer.Ordinal)
                .Select(set => TrainingCurves.Validation(run.Epochs!, $"{run.Subject}: {set}", "clip_accuracy", set)))]);
        Chart[] drawn = [.. new[] { loss, accuracy }.Where(chart => chart.Series.Count > 0)];
        charts.AddRange(drawn);
        return Html.Section(
            "training",
            "Training",
            Html.Note("Losses compare only between runs whose targets are mixed and smoothed alike.") + $"<div class=\"pair\">{string.Concat(drawn.Select(chart => Html.Figure(chart)))}</div>");
    }

    private static string Settings(Comparison comparison) => Html.Section(
        "settings",
        "Settings that differ",
        comparison.Settings.Count == 0
            ? Html.Note("None.")
            : Html.Table(
                ["Setting", .. comparison.Models.Select(model => model.Subject)],
                comparison.Settings.Select(entry => (HtmlCell[])[entry.Key, .. entry.Value.Select(value => (HtmlCell)(value ?? Html.None))])));
}

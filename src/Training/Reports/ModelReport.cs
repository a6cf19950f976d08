using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>Everything that is known of a model on a set; what report.json holds.</summary>
internal sealed record ModelReport
{
    /// <summary>The path it was given by.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The model's contract, by its own keys.</summary>
    public required IReadOnlyDictionary<string, string> Model { get; init; }

    /// <summary>What the model costs.</summary>
    public required ReportCost Cost { get; init; }

    /// <summary>The set's parts.</summary>
    public required IReadOnlyList<ReportPart> Parts { get; init; }

    /// <summary>Clips scored.</summary>
    public required int Clips { get; init; }

    /// <summary>Windows scored.</summary>
    public required int Windows { get; init; }

    /// <summary>Recordings that the clips are cut from.</summary>
    public required int Tracks { get; init; }

    /// <summary>Artists (or clips, where artists are not known) that the intervals are drawn over.</summary>
    public required int Groups { get; init; }

    /// <summary>Clips left out as too short.</summary>
    public required int TooShort { get; init; }

    /// <summary>Seconds under one window.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>Seconds from window to window.</summary>
    public required double HopSeconds { get; init; }

    /// <summary>The headline figures.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>Each genre's figures.</summary>
    public required IReadOnlyList<GenreFigures> Genres { get; init; }

    /// <summary>[true][heard], clips, in the order of <see cref="Genres"/>.</summary>
    public required IReadOnlyList<int[]> Confusion { get; init; }

    /// <summary>Precision-recall curve of each genre, in the order of <see cref="Genres"/>; thinned to some hundred points.</summary>
    public required IReadOnlyList<IReadOnlyList<PrecisionRecallPoint>> PrecisionRecall { get; init; }

    /// <summary>The same of all pairs of clip and genre.</summary>
    public required IReadOnlyList<PrecisionRecallPoint> MicroPrecisionRecall { get; init; }

    /// <summary>Windows' confidence against accuracy, over all of the model's genres.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Accuracy after 1..30 s.</summary>
    public required IReadOnlyList<ListeningTime> Listening { get; init; }

    /// <summary>The most confident mistakes.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>Of independent probabilities, or clips of several genres: how well each label is told by itself; null otherwise.</summary>
    public MultiLabelReport? MultiLabel { get; init; }

    /// <summary>The run's settings, as its config.json holds them; null for a model alone.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>The run's epochs, as its metrics.jsonl holds them; null for a model alone.</summary>
    public IReadOnlyList<JsonElement>? Epochs { get; init; }

    /// <summary>Measures a subject.</summary>
    /// <param name="subject">What is reported on.</param>
    /// <param name="model">Its model, open.</param>
    /// <param name="parts">The set's parts by name.</param>
    /// <param name="created">Now.</param>
    /// <exception cref="TrainingException">The model doesn't know a label of the set, or no clip is long enough.</exception>
    public static (ModelReport Report, ScoredSet Scored) Of(
        ReportSubject subject, ModelFile model, IReadOnlyList<(string Name, MelSet Set)> parts, DateTimeOffset created)
    {
        var contract = model.Contract;
        var scored = subject.Score(model, MelSet.Union([.. parts.Select(part => part.Set)]));
        var temperature = contract.Temperature;
        var clips = Predictions.OfClips(scored, temperature, scored.SetLabels);
        var served = Predictions.OfWindows(scored, temperature, [.. Enumerable.Range(0, scored.Labels.Count)]);
        var matrix = ConfusionMatrix.Of(clips);
        var figures = FigureSheet.Of(scored, temperature, withIntervals: true);
        var labels = Enumerable.Range(0, clips.Labels.Count).ToList();
        return (new ModelReport
        {
            Subject = subject.Name,
            Created = created,
            Model = contract.ToMetadata(),
            Cost = ReportCost.Of(subject.ModelPath, contract, figures),
            Parts = ReportPart.Of(parts, scored, clips),
            Clips = scored.Clips.Count,
            Windows = scored.Clips.Sum(clip => clip.Windows),
            Tracks = scored.Clips.Select(clip => (clip.Label, clip.Clip.Track)).Distinct().Count(),
            Groups = scored.Clips.Select(clip => clip.Clip.Group).Distinct(StringComparer.Ordinal).Count(),
            TooShort = scored.TooShort,
            WindowSeconds = scored.WindowLength.TotalSeconds,
            HopSeconds = scored.WindowHop.TotalSeconds,
            Figures = figures,
            Genres = GenreFigures.Of(clips),
            Confusion = [.. labels.Select(row => labels.Select(column => matrix.Counts[row, column]).ToArray())],
            PrecisionRecall = [.. labels.Select(label => Thin(clips.Ranking(label).PrecisionRecallCurve()))],
            MicroPrecisionRecall = Thin(clips.MicroRanking().PrecisionRecallCurve()),
            Reliability = ReliabilityDiagram.Of(served).Bins,
            Listening = ListeningTime.Of(scored, temperature, scored.SetLabels),
            Mistakes = Mistake.Worst(scored, clips),
            MultiLabel = contract.ScoreKind == ScoreKind.IndependentProbabilities || scored.Clips.Any(clip => clip.Labels.Count > 1)
                ? MultiLabelReport.Of(scored, temperature)
                : null,
            Settings = subject.Run is { } run ? JsonSerializer.SerializeToElement(run.ReadOptions(), RunJson.Indented) : null,
            Epochs = subject.Run is { } folder ? ReadEpochs(folder) : null,
        }, scored);
    }

    /// <summary>A run's epochs as they stand in its metrics.jsonl.</summary>
    public static IReadOnlyList<JsonElement> ReadEpochs(RunFolder run)
    {
        try
        {
            return File.Exists(run.MetricsPath)
                ? [.. File.ReadLines(run.MetricsPath).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]
                : [];
        }
        catch (JsonException error)
        {
            throw new TrainingException($"{run.MetricsPath} is damaged: {error.Message}", error);
        }
    }

    private static IReadOnlyList<PrecisionRecallPoint> Thin(IReadOnlyList<PrecisionRecallPoint> curve)
    {
        const int most = 300;
        return curve.Count <= most ? curve : [.. Enumerable.Range(0, most).Select(i => curve[(int)((long)i * (curve.Count - 1) / (most - 1))])];
    }
}

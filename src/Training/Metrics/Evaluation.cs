namespace StreamGenre.Training.Metrics;

/// <summary>How well a model hears a set.</summary>
/// <param name="Labels">Names of the labels that were compared, in the order of <paramref name="Confusion"/>.</param>
/// <param name="Clips">Clips scored.</param>
/// <param name="Windows">Windows scored.</param>
/// <param name="ClipAccuracy">Share of clips whose mean probabilities are highest at their label, 0..1.</param>
/// <param name="WindowAccuracy">Share of windows likewise.</param>
/// <param name="PerGenre">Clip accuracy of each label that has clips.</param>
/// <param name="Confusion">[true, heard], clips.</param>
internal sealed record Evaluation(
    IReadOnlyList<string> Labels,
    int Clips,
    int Windows,
    double ClipAccuracy,
    double WindowAccuracy,
    IReadOnlyDictionary<string, double> PerGenre,
    int[,] Confusion)
{
    /// <summary>Compares over some of the model's labels: scores of the others are left out before the highest is taken.</summary>
    /// <param name="scored">The set.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <param name="among">Indices into the model's labels.</param>
    /// <exception cref="TrainingException">No clip is as long as a window.</exception>
    public static Evaluation Of(ScoredSet scored, double temperature, IReadOnlyList<int> among)
    {
        if (scored.Clips.Count == 0)
        {
            throw new TrainingException("no clip of the set is as long as one window");
        }

        var confusion = new int[among.Count, among.Count];
        var places = among.Select((label, place) => (label, place)).ToDictionary(pair => pair.label, pair => pair.place);
        int windows = 0, windowsRight = 0, clipsRight = 0;
        foreach (var clip in scored.Clips)
        {
            var rows = scored.Rows(clip, temperature);
            windows += rows.Count;
            windowsRight += rows.Count(row => Probabilities.Top(row, among) == clip.Label);
            var heard = Probabilities.Top(Probabilities.Mean(rows), among);
            clipsRight += heard == clip.Label ? 1 : 0;
            confusion[places[clip.Label], places[heard]]++;
        }

        var perGenre = new Dictionary<string, double>();
        for (var row = 0; row < among.Count; row++)
        {
            var total = Enumerable.Range(0, among.Count).Sum(column => confusion[row, column]);
            if (total > 0)
            {
                perGenre.Add(scored.Labels[among[row]], (double)confusion[row, row] / total);
            }
        }

        return new Evaluation(
            among.Select(label => scored.Labels[label]).ToList(),
            scored.Clips.Count,
            windows,
            (double)clipsRight / scored.Clips.Count,
            (double)windowsRight / windows,
            perGenre,
            confusion);
    }
}

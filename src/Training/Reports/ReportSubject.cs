using StreamGenre.Training.Metrics;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>What is reported on: a model file, or a run folder with its model.</summary>
/// <param name="Name">For people: the path as it was given, beside others without the folders that all of them lie in.</param>
/// <param name="ModelPath">The ONNX file.</param>
/// <param name="Run">The run; null for a model alone.</param>
internal sealed record ReportSubject(string Name, string ModelPath, RunFolder? Run)
{
    /// <summary>Audio time from window to window: as the run cut recordings, also where its model is given by its path; a second for other models.</summary>
    public double HopSeconds => (Run ?? Beside)?.ReadOptions().WindowHopSeconds ?? 1;

    private RunFolder? Beside => Path.GetDirectoryName(Path.GetFullPath(ModelPath)) is { } folder && RunFolder.IsRun(folder) ? RunFolder.Open(folder) : null;

    /// <summary>From a path on the command line.</summary>
    /// <exception cref="TrainingException">A folder without a run, a run without a model yet, or nothing at all.</exception>
    public static ReportSubject Of(string path)
    {
        var name = Path.TrimEndingDirectorySeparator(path);
        if (!Directory.Exists(path))
        {
            return File.Exists(path)
                ? new ReportSubject(name, path, null)
                : throw new TrainingException($"there is no run folder and no model {path}");
        }

        var run = RunFolder.Open(path);
        return File.Exists(run.ModelPath)
            ? new ReportSubject(name, run.ModelPath, run)
            : throw new TrainingException($"{path} has no model.onnx yet; a run writes it at its end (train --resume --run {path} goes on)");
    }

    /// <summary>Several, each by as much of its path as tells it from the others.</summary>
    /// <exception cref="TrainingException">As <see cref="Of(string)"/>.</exception>
    public static IReadOnlyList<ReportSubject> Of(IReadOnlyList<string> paths)
    {
        var subjects = paths.Select(Of).ToList();
        var parts = subjects.ConvertAll(subject => subject.Name.Split(Path.DirectorySeparatorChar));
        var shared = Enumerable.Range(0, parts.Min(part => part.Length) - 1).TakeWhile(i => parts.TrueForAll(part => part[i] == parts[0][i])).Count();
        return [.. subjects.Zip(parts, (subject, part) => subject with { Name = string.Join(Path.DirectorySeparatorChar, part[shared..]) })];
    }

    /// <summary>Hears a set.</summary>
    /// <exception cref="TrainingException">The model is unusable, or no clip of the set is long enough.</exception>
    public ScoredSet Score(ModelFile model, Data.MelSet set)
    {
        var scored = ScoredSet.Score(set, model.Contract, model.Logits, HopSeconds);
        return scored.Clips.Count > 0 ? scored : throw new TrainingException("no clip of the set is long enough to be heard; a stream is answered from half a second on");
    }
}

using System.Diagnostics;
using System.Text.Json;

using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// What a training of an adapter is taken up from after an interruption: a file beside the model to be. It names the settings that it belongs to, as
/// steps of other settings would not go on where these left off.
/// </summary>
/// <param name="path">The file, in a folder that is there.</param>
/// <param name="settings">Everything that decides the training.</param>
/// <param name="every">Time from one writing to the next.</param>
internal sealed class AdapterCheckpoint(string path, AdapterSettings settings, TimeSpan every)
{
    private long _written = Stopwatch.GetTimestamp();

    /// <summary>Steps of all parts that were done when it was read; 0 of a new training.</summary>
    public int Steps { get; private init; }

    private IReadOnlyDictionary<string, IReadOnlyList<ParameterTensor>> State { get; init; } = new Dictionary<string, IReadOnlyList<ParameterTensor>>();

    /// <summary>The checkpoint of a training that was interrupted, or an empty one where it had not come to write any.</summary>
    /// <exception cref="TrainingException">It was begun with other settings.</exception>
    public static AdapterCheckpoint Resume(string path, AdapterSettings settings, TimeSpan every)
    {
        if (!File.Exists(path))
        {
            return new AdapterCheckpoint(path, settings, every);
        }

        var (begun, state) = CheckpointFile.Read<Progress>(path);
        var (before, now) = (Flat(begun.Settings), Flat(settings));
        var differences = now.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => $"{pair.Key} was {before.GetValueOrDefault(pair.Key, "missing")} and is {pair.Value}").ToList();
        return differences.Count == 0
            ? new AdapterCheckpoint(path, settings, every) { Steps = begun.Steps, State = state }
            : throw new TrainingException($"{path} was begun with other settings: {string.Join("; ", differences)}; give the same ones, or leave out --resume to begin anew");
    }

    /// <summary>Puts a session where the checkpoint stands.</summary>
    /// <param name="session">Of the same part.</param>
    /// <param name="done">Steps of the parts before.</param>
    public void Restore(TrainingSession session, int done) => Checkpoint.Restore(session, Steps - done, State);

    /// <summary>Writes it when it is time for one.</summary>
    public void WriteWhenDue(TrainingSession session, int steps)
    {
        if (Stopwatch.GetElapsedTime(_written) >= every)
        {
            Write(session, steps);
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="session">Whose state.</param>
    /// <param name="steps">Steps of all parts that are done.</param>
    public void Write(TrainingSession session, int steps)
    {
        CheckpointFile.Write(path, new Progress(settings, steps), Checkpoint.StateOf(session));
        _written = Stopwatch.GetTimestamp();
    }

    private static IReadOnlyDictionary<string, string> Flat(AdapterSettings settings) => FlatSettings.Of(JsonSerializer.SerializeToElement(settings, RunJson.Line));

    private sealed record Progress(AdapterSettings Settings, int Steps);
}

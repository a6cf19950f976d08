using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

/// <summary>Says nothing, and calls back where a test wants to look.</summary>
internal sealed class SilentProgress : ITrainingProgress
{
    public Action<int>? OnStep { get; init; }

    public Action<EpochMetrics>? OnEpoch { get; init; }

    public List<string> Notes { get; } = [];

    public void Note(string text) => Notes.Add(text);

    public void Step(int step, int steps, double loss, double accuracy) => OnStep?.Invoke(step);

    public void Epoch(EpochMetrics metrics, int epochs) => OnEpoch?.Invoke(metrics);
}

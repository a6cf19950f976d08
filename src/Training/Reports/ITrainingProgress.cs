using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>Who is told how a run goes.</summary>
internal interface ITrainingProgress
{
    /// <summary>Something worth a line, such as what was read or skipped; may come from any thread.</summary>
    void Note(string text);

    /// <summary>A step was taken.</summary>
    /// <param name="step">Steps so far, 1 and up.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="loss">Running mean of the loss.</param>
    /// <param name="accuracy">Running mean of the accuracy on training windows.</param>
    void Step(int step, int steps, double loss, double accuracy);

    /// <summary>An epoch has ended.</summary>
    void Epoch(EpochMetrics metrics, int epochs);
}

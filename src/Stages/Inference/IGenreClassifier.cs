using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>Turns windows into genre scores. One is shared by all streams.</summary>
public interface IGenreClassifier : IDisposable
{
    /// <summary>What the model wants and gives.</summary>
    ModelContract Contract { get; }

    /// <summary>What runs the model: <c>CPU</c> or <c>CUDA</c>.</summary>
    string ExecutionProvider { get; }

    /// <summary>
    /// Fills the score buffer of <paramref name="batch"/> for its first <see cref="MelBatch.Count"/> windows. Returns when the scores are
    /// there. Several threads may call it at once, each with a batch of its own.
    /// </summary>
    void Classify(MelBatch batch);
}

using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>An engine that the tests of engines can start.</summary>
public interface IEngineUnderTest
{
    /// <summary>Starts it; disposing of it stops all that was started.</summary>
    static abstract Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time);
}

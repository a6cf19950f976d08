using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>The in-box engine keeps what every engine promises.</summary>
public static class GenrePipelineTests
{
    public sealed class Updates : EngineUpdateTests<InBox>;

    public sealed class Writes : EngineWriteTests<InBox>;

    public sealed class Lifetimes : EngineLifetimeTests<InBox>;

    public abstract class InBox : IEngineUnderTest
    {
        public static Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
            => Task.FromResult<IGenreEngine>(new GenrePipeline(classifier, batching, time));
    }
}

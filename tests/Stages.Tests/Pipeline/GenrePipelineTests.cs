using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Pipeline;

public sealed class GenrePipelineTests : GenreEngineTests
{
    private protected override Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
        => Task.FromResult<IGenreEngine>(new GenrePipeline(classifier, batching, time));
}

using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.AkkaEngine.Tests;

public sealed class AkkaGenreEngineTests : GenreEngineTests
{
    private protected override async Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
        => await AkkaHost.StartAsync(classifier, batching, time);
}

using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>Which engine a server is built with.</summary>
internal static class GenreEngines
{
    /// <summary>Adds the engine as <see cref="IGenreEngine"/>; it takes the classifier and the clock from the services.</summary>
    public static void AddGenreEngine(this IServiceCollection services, BatchingOptions batching) =>
        services.AddSingleton<IGenreEngine>(provider => new GenrePipeline(
            provider.GetRequiredService<IGenreClassifier>(), batching, provider.GetRequiredService<TimeProvider>()));
}

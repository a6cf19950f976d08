using StreamGenre.Stages.Batching;
#if AKKA_ENGINE
using StreamGenre.AkkaEngine.Hosting;
#else
using StreamGenre.Stages;
using StreamGenre.Stages.Inference;
#endif

namespace StreamGenre.StreamHost.Hosting;

/// <summary>Which engine a server is built with: the in-box one, or with <c>-p:Engine=Akka</c> the Akka.NET one.</summary>
internal static class GenreEngines
{
    /// <summary>Adds the engine as <see cref="Stages.IGenreEngine"/>; it takes the classifier and the clock from the services.</summary>
    public static void AddGenreEngine(this IServiceCollection services, BatchingOptions batching) =>
#if AKKA_ENGINE
        services.AddAkkaGenreEngine(batching);
#else
        services.AddSingleton<IGenreEngine>(provider => new GenrePipeline(
            provider.GetRequiredService<IGenreClassifier>(), batching, provider.GetRequiredService<TimeProvider>()));
#endif
}

using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamGenre.AkkaEngine.Actors;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.AkkaEngine.Hosting;

/// <summary>Adds the Akka engine to a host.</summary>
public static class AkkaEngineServices
{
    /// <summary>
    /// Adds <see cref="AkkaGenreEngine"/>, also as <see cref="IGenreEngine"/>, its actors, which start and stop with the host and log through it, and
    /// a health check named <c>akka</c>. It takes the classifier and the clock from the services. Streams can be opened once the host has started.
    /// </summary>
    public static IServiceCollection AddAkkaGenreEngine(this IServiceCollection services, BatchingOptions batching)
    {
        services.AddSingleton(provider => new EngineParts(
            provider.GetRequiredService<IGenreClassifier>(), batching, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AkkaGenreEngine(
            provider.GetRequiredService<EngineParts>(),
            provider.GetRequiredService<IRequiredActor<GenreSessions>>(),
            provider.GetRequiredService<IRequiredActor<GenreSources>>()));
        services.AddSingleton<IGenreEngine>(provider => provider.GetRequiredService<AkkaGenreEngine>());
        services.AddHealthChecks().AddCheck<AkkaEngineHealth>("akka");
        services.AddAkka("streamgenre", (builder, provider) => builder
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
                loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            })

            // Scores that come a moment after their session went are no news.
            .AddHocon("akka.log-dead-letters = off, akka.log-dead-letters-during-shutdown = off, akka.stdout-loglevel = off", HoconAddMode.Prepend)
            .WithActors((system, registry, resolver) =>
            {
                registry.Register<GenreSessions>(system.ActorOf(resolver.Props<GenreSessions>(), "sessions"));
                registry.Register<GenreSources>(system.ActorOf(resolver.Props<GenreSources>(), "sources"));
            }));
        return services;
    }
}

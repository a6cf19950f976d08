using Akka;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamGenre.AkkaEngine.Actors;

namespace StreamGenre.AkkaEngine.Hosting;

/// <summary>Healthy while the sessions' parent runs and answers within five seconds, which even a machine with too much to do can keep.</summary>
internal sealed class AkkaEngineHealth(EngineParts parts, IRequiredActor<GenreSessions> sessions) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!parts.OpenStreams.IsServed)
        {
            return HealthCheckResult.Unhealthy("The actor of the sessions has stopped.");
        }

        try
        {
            await sessions.ActorRef.Ask<Done>(GenreSessions.Ping.Instance, Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is AskTimeoutException or MissingActorRegistryEntryException)
        {
            return HealthCheckResult.Unhealthy("The actor of the sessions does not answer.", error);
        }
    }
}

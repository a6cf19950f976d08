using Akka;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamGenre.AkkaEngine.Actors;

namespace StreamGenre.AkkaEngine.Hosting;

/// <summary>Healthy while the sessions' parent answers within a second.</summary>
internal sealed class AkkaEngineHealth(IRequiredActor<GenreSessions> sessions) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
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

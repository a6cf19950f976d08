using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamGenre.StreamHost.History.Postgres;

namespace StreamGenre.StreamHost.History;

/// <summary>Tells of a history that is not written. Streams are classified all the same, so that is no reason to send them elsewhere: degraded at the worst.</summary>
internal sealed class HistoryHealth(PostgresHistory database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(database.Trouble is { } trouble
            ? HealthCheckResult.Degraded($"the database {database.Place} is away ({trouble}); {database.Buffered} row(s) wait, {database.Dropped} dropped")
            : HealthCheckResult.Healthy());
}

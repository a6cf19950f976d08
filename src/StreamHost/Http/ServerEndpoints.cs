using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Http;

/// <summary>The server itself: its health, its ports, its counters, its model.</summary>
internal static class ServerEndpoints
{
    /// <summary>Where a client that came to the wrong port finds <see cref="ServerFacts"/>.</summary>
    public const string ServerPath = "/v1/server";

    /// <summary>Where <see cref="ServerStatistics"/> are.</summary>
    public const string StatisticsPath = "/v1/statistics";

    /// <summary>Adds them.</summary>
    public static void MapServerEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", [HttpMethods.Get, HttpMethods.Head], async (StreamRegistry registry, HealthCheckService health, CancellationToken cancellationToken) =>
        {
            if (registry.Stopping.IsCancellationRequested)
            {
                return Results.Text("stopping\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            var sick = (await health.CheckHealthAsync(cancellationToken)).Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).ToList();
            var lines = string.Concat(sick.Select(entry => $"{entry.Key}: {entry.Value.Description}\n"));

            // What is degraded takes no requests away: streams are classified all the same.
            return sick.Any(entry => entry.Value.Status == HealthStatus.Unhealthy)
                ? Results.Text(lines, statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Text("ok\n" + lines);
        }).WithSummary("ok, or why the server should get no requests now.").Produces<string>(contentType: "text/plain").Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
        routes.MapGet(ServerPath, (Listening listening, SourceAccess access, HttpContext context) => Results.Json(new ServerFacts(listening.GrpcPort, access.Allows(context))))
            .WithSummary("Where gRPC answers, and what who asks may do.").Produces<ServerFacts>();
        routes.MapGet(StatisticsPath, (IGenreEngine engine) => Results.Json(ServerStatistics.Take(engine.Statistics)))
            .WithSummary("What the server has done and used since it started.").Produces<ServerStatistics>();
        routes.MapGet("/v1/model", (IGenreEngine engine) => HttpApi.Json(WireModel.Write(engine.Contract, engine.ExecutionProvider)))
            .WithSummary("The model that everything is classified with.").Produces<V1.GetModelResponse>();
    }
}

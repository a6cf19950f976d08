using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.FileProviders;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>What a browser sees: the page, and the JSON and events that it is made of.</summary>
internal static class HttpEndpoints
{
    /// <summary>Where a client that came to the wrong port finds <see cref="ServerFacts"/>.</summary>
    public const string ServerPath = "/v1/server";

    /// <summary>Where <see cref="ServerStatistics"/> are.</summary>
    public const string StatisticsPath = "/v1/statistics";

    /// <summary>Adds them.</summary>
    public static void MapHttpEndpoints(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            // Everything the page needs comes from this server, and nothing is inline.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files });

        app.MapGet("/healthz", async (StreamRegistry registry, HealthCheckService health, CancellationToken cancellationToken) =>
        {
            if (registry.Stopping.IsCancellationRequested)
            {
                return Results.Text("stopping\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            var sick = (await health.CheckHealthAsync(cancellationToken)).Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy);
            var lines = string.Concat(sick.Select(entry => $"{entry.Key}: {entry.Value.Description}\n"));
            return lines.Length == 0 ? Results.Text("ok\n") : Results.Text(lines, statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        app.MapGet(ServerPath, (Listening listening) => Results.Json(new ServerFacts(listening.GrpcPort)));
        app.MapGet(StatisticsPath, (IGenreEngine engine) => Results.Json(ServerStatistics.Take(engine.Statistics)));
        app.MapGet("/v1/streams", (StreamRegistry registry) =>
            Json(new V1.ListStreamsResponse { Streams = { registry.List().Select(WireUpdate.WriteInfo) } }));
        app.MapGet("/v1/model", (IGenreEngine engine) => Json(WireModel.Write(engine.Contract, engine.ExecutionProvider)));
        app.MapGet("/v1/streams/{id}/updates", (string id, StreamRegistry registry, CancellationToken cancellationToken) =>
        {
            try
            {
                // Routing leaves an escaped slash as it is; ids hold no other character that needs escaping.
                var session = registry.Find(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

                // From the newest one on, so that the page shows something at once.
                var subscription = session.Subscribe(session.Log.LastSequence is > 0 and var last ? last : null);
                return Results.ServerSentEvents(EventsAsync(subscription, cancellationToken));
            }
            catch (StreamRefusedException e)
            {
                return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status404NotFound);
            }
        });
    }

    private static IResult Json(Google.Protobuf.IMessage message) => Results.Content(WireJson.Write(message), "application/json");

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(Subscription subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (subscription)
        {
            while (await subscription.ReadAsync(cancellationToken) is var (update, missed))
            {
                yield return new SseItem<string>(WireJson.Write(WireUpdate.Write(update, missed)));
            }
        }
    }
}

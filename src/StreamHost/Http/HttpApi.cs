using Google.Protobuf;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Http;

/// <summary>What is served to those without gRPC: the page, and the JSON and events that it is made of. Each area maps its own endpoints.</summary>
internal static class HttpApi
{
    // A phone that walks out of reach says no goodbye: its stream id is free again within 35 s.
    private static readonly WebSocketOptions Sockets = new() { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(20) };

    /// <summary>Adds what the endpoints need.</summary>
    public static void AddHttpApi(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = HttpErrors.Explain);
        services.AddOpenApi(ApiDocument.Configure);
        services.AddSingleton<Uploads>();
    }

    /// <summary>Adds the endpoints.</summary>
    public static void MapHttpApi(this WebApplication app, ServerOptions options)
    {
        // An address that is not there, or a method that it does not take, is told as every other error is. gRPC says it its own way.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal), branch => branch.UseStatusCodePages());
        app.UsePage();
        app.UseWebSockets(Sockets);
        app.UseOriginRule(options);
        app.MapOpenApi("/openapi.json");
        var api = app.MapGroup("").AddEndpointFilter(HttpErrors.FilterAsync);
        api.MapServerEndpoints();
        api.MapStreamEndpoints();
        api.MapEventEndpoints();
        api.MapAudioEndpoints();
        api.MapSpectrogramEndpoints();
        api.MapClassifyEndpoints();
        api.MapSourceEndpoints();
        api.MapHistoryEndpoints();
    }

    /// <summary>A message as proto3 JSON.</summary>
    public static IResult Json(IMessage message) => Results.Content(WireJson.Write(message), "application/json");
}

using Google.Protobuf;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Http;

/// <summary>What is served to those without gRPC: the page, and the JSON and events that it is made of. Each area maps its own endpoints.</summary>
internal static class HttpApi
{
    /// <summary>Adds them.</summary>
    public static void MapHttpApi(this WebApplication app)
    {
        app.UsePage();
        app.MapServerEndpoints();
        app.MapStreamEndpoints();
    }

    /// <summary>A message as proto3 JSON.</summary>
    public static IResult Json(IMessage message) => Results.Content(WireJson.Write(message), "application/json");
}

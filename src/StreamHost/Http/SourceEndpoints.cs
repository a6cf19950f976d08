using Google.Protobuf;
using Microsoft.OpenApi;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Http;

/// <summary>The sources: all at a glance, adding one, removing one.</summary>
internal static class SourceEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    private const string Remedy = """Send a JSON object such as {"url": "https://radio.example/live.mp3", "windowHop": "2s"}; /openapi.json has its fields.""";

    /// <summary>Adds them.</summary>
    public static void MapSourceEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/sources", (SourceRegistry sources) => HttpApi.Json(new V1.ListSourcesResponse { Sources = { sources.List().Select(WireSource.Write) } }))
            .WithSummary("The sources that the server listens to by itself, and how they fare.")
            .Produces<V1.ListSourcesResponse>();
        routes.MapPost("/v1/sources", async (HttpContext http, SourceRegistry sources, SourceAccess access) =>
        {
            access.Check(http);

            // A form of another site can't send this type.
            if (!http.Request.HasJsonContentType())
            {
                throw new HttpRefusedException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type is '{http.Request.ContentType}'; it must be application/json. {Remedy}");
            }

            return HttpApi.Json(WireSource.Write(sources.Add(WireSource.Read(Parse(await ReadBodyAsync(http))))));
        })
            .WithSummary("Adds a source: the server listens to a URL from now on.")
            .WithDescription("The answer comes at once and does not wait for the source to be there. Where settings allow it: see Sources:AddingFrom and Sources:AddedSchemes.")
            .AddOpenApiOperationTransformer(static async (operation, context, cancellationToken) =>
            {
                // Told here and not by Accepts, which would answer another type with 404.
                var schema = await context.GetOrCreateSchemaAsync(typeof(V1.AddSourceRequest), cancellationToken: cancellationToken);
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
            })
            .Produces<V1.SourceInfo>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapDelete("/v1/sources/{id}", async (string id, HttpContext http, SourceRegistry sources, SourceAccess access) =>
        {
            access.Check(http);
            await sources.RemoveAsync(StreamEndpoints.IdOf(id));
            return HttpApi.Json(new V1.RemoveSourceResponse());
        })
            .WithSummary("Removes a source and ends its stream.")
            .Produces<V1.RemoveSourceResponse>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static V1.AddSourceRequest Parse(string body)
    {
        try
        {
            return JsonParser.Default.Parse<V1.AddSourceRequest>(body);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new HttpRefusedException(StatusCodes.Status400BadRequest, $"The body is not the JSON that is asked for: {e.Message.TrimEnd('.')}. {Remedy}");
        }
    }

    private static async Task<string> ReadBodyAsync(HttpContext http)
    {
        var buffer = new byte[MaxBodyBytes + 1];
        var read = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        return read <= MaxBodyBytes
            ? System.Text.Encoding.UTF8.GetString(buffer, 0, read)
            : throw new SourceRefusedException(SourceRefusal.Invalid, $"The request has more than {MaxBodyBytes} bytes; a source is one small JSON object.");
    }
}

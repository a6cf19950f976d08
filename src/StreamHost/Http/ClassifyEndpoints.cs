using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Http;

/// <summary>Whole files: in by a request, scores out as its answer.</summary>
internal static class ClassifyEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Adds them.</summary>
    public static void MapClassifyEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/classify", ClassifyAsync)
            .WithSummary("Classifies an audio file: the body itself, or the first file of multipart/form-data. WAV and AU in-box, all else through FFmpeg.")
            .WithDescription(
                "?hop=, ?smoothing= (seconds) and ?mode= (mean, exponential, log-mean), ?silence=, ?threshold= and ?dwell= as for streams; ?windows=true adds every update. With Accept: text/event-stream the "
                + "updates come as events 'update' while the file is being heard, and at the end an event 'result' (or 'problem').")
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                // Told here and not by Accepts, which would refuse a body without a type.
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["audio/*"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                        ["multipart/form-data"] = new()
                        {
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                            },
                        },
                    },
                };
                return Task.CompletedTask;
            })
            .Produces<FileScores>().Produces<V1.GenreUpdate>(contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> ClassifyAsync(
        HttpContext context, StreamRegistry registry, IGenreEngine engine, StreamDefaults defaults, SourcesOptions sources, Uploads uploads, CancellationToken cancellationToken)
    {
        // What is wrong with the query is told before a long file is taken.
        var rules = StreamQuery.ReadRules(context.Request.Query);
        var updates = StreamQuery.ReadFlag(context.Request.Query, "windows") ? new List<JsonNode>() : null;
        await using var file = await uploads.TakeAsync(context.Request, cancellationToken);
        await file.DecodeAsync(sources.Ffmpeg, cancellationToken);
        var config = AudioStreamer.Describe(file.Source.Format, rules);
        await using var session = registry.Open(WireSettings.Read(config, $"classify-{Guid.NewGuid():N}", defaults, engine.Contract.Labels, OverloadPolicy.Block), named: false);
        var hearing = new FileHearing(file, session, registry.Stopping);
        if (WantsEvents(context.Request))
        {
            await EventStream.Of((events, token) => AnswerAsync(events, hearing, token), CancellationToken.None).ExecuteAsync(context);
            return Results.Empty;
        }

        var scores = await hearing.HearAsync(
            update =>
            {
                updates?.Add(JsonNode.Parse(WireJson.Write(WireUpdate.Write(update, missed: 0)))!);
                return Task.CompletedTask;
            },
            cancellationToken);
        return Results.Json(scores with { Updates = updates }, Json);
    }

    private static async Task AnswerAsync(EventStream events, FileHearing hearing, CancellationToken cancellationToken)
    {
        try
        {
            var scores = await hearing.HearAsync(
                update => events.WriteAsync("update", update.Sequence, WireJson.Write(WireUpdate.Write(update, missed: 0)), cancellationToken), cancellationToken);
            await events.WriteAsync("result", null, JsonSerializer.Serialize(scores, Json), cancellationToken);
        }
        catch (Exception e) when (HttpErrors.Translate(e) is var (status, detail))
        {
            await events.WriteAsync("problem", null, HttpErrors.Json(status, detail), cancellationToken);
        }
    }

    private static bool WantsEvents(HttpRequest request) =>
        request.Headers.Accept.Any(value => value?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using StreamGenre.AudioFiles;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Http;

/// <summary>Whole files: in by a request, scores out as its answer.</summary>
internal static class ClassifyEndpoints
{
    private const int ChunkBytes = 64 * 1024;

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
        var rules = StreamQuery.ReadRules(context.Request.Query);
        var place = uploads.Enter();
        try
        {
            var (body, length, name) = await BodyAsync(context.Request, cancellationToken);
            var file = new UploadedFile(await uploads.SaveAsync(body, length, cancellationToken), name, place);
            place = null;
            return await OpenAsync(
                file, format => WireSettings.Read(AudioStreamer.Describe(format, rules), $"classify-{Guid.NewGuid():N}", defaults, engine.Contract.Labels, OverloadPolicy.Block),
                sources.Ffmpeg, context, registry, cancellationToken);
        }
        finally
        {
            place?.Dispose();
        }
    }

    private static async Task<IResult> OpenAsync(
        UploadedFile file, Func<SourceFormat, GenreStreamOptions> settings, string ffmpeg, HttpContext context, StreamRegistry registry, CancellationToken cancellationToken)
    {
        var withUpdates = context.Request.Query["windows"].ToString() switch
        {
            "true" or "1" => true,
            "" or "false" or "0" => false,
            var other => throw new HttpRefusedException(StatusCodes.Status400BadRequest, $"windows is '{other}'; it must be true or false."),
        };
        StreamSession? session = null;
        try
        {
            await file.DecodeAsync(ffmpeg, cancellationToken);
            session = registry.Open(settings(file.Source.Format), named: false);
            if (!WantsEvents(context.Request))
            {
                var updates = withUpdates ? new List<JsonNode>() : null;
                var scores = await HearAsync(file, session, registry, update =>
                {
                    updates?.Add(JsonNode.Parse(WireJson.Write(WireUpdate.Write(update, missed: 0)))!);
                    return Task.CompletedTask;
                }, cancellationToken);
                return Results.Json(scores with { Updates = updates }, Json);
            }

            var (heardFile, heardSession) = (file, session);
            (file, session) = (null!, null);
            return EventStream.Of((events, token) => AnswerAsync(events, heardFile, heardSession, registry, token), CancellationToken.None);
        }
        finally
        {
            await (session?.DisposeAsync() ?? default);
            await (file?.DisposeAsync() ?? default);
        }
    }

    private static async Task AnswerAsync(EventStream events, UploadedFile file, StreamSession session, StreamRegistry registry, CancellationToken cancellationToken)
    {
        await using (file)
        await using (session)
        {
            try
            {
                var scores = await HearAsync(
                    file, session, registry,
                    update => events.WriteAsync("update", update.Sequence, WireJson.Write(WireUpdate.Write(update, missed: 0)), cancellationToken), cancellationToken);
                await events.WriteAsync("result", null, JsonSerializer.Serialize(scores, Json), cancellationToken);
            }
            catch (Exception e) when (HttpErrors.Translate(e) is var (status, detail))
            {
                await events.WriteAsync("problem", null, JsonSerializer.Serialize(new { status, detail }, Json), cancellationToken);
            }
        }
    }

    // Audio in and updates out at once, as for a gRPC Classify.
    private static async Task<FileScores> HearAsync(
        UploadedFile file, StreamSession session, StreamRegistry registry, Func<GenreUpdate, Task> onUpdate, CancellationToken cancellationToken)
    {
        var sending = SendAsync();
        GenreUpdate? last = null;
        var sum = new double[session.Model.Labels.Count];
        var windows = 0;
        try
        {
            await foreach (var update in session.ReadUpdatesAsync(cancellationToken))
            {
                last = update;
                var scores = update.WindowScores.Span;
                for (var i = 0; i < scores.Length; i++)
                {
                    sum[i] += scores[i];
                }

                windows += scores.IsEmpty ? 0 : 1;
                await onUpdate(update);
            }
        }
        catch
        {
            await session.DisposeAsync();

            // The audio's own failure is why the stream ended, where there is one.
            await sending;
            throw;
        }

        await sending;
        var mean = windows == 0 ? [] : Array.ConvertAll(sum, score => (float)(score / windows));
        var ranked = Ranked(mean);
        return new FileScores(
            ranked.Count > 0 ? ranked[0].Genre : "", ranked, Ranked(last is null ? default : last.RollingScores.Span),
            session.AudioTime.TotalSeconds, windows, session.Model.Name, session.Model.Version, Updates: null);

        List<FileScore> Ranked(ReadOnlySpan<float> scores)
        {
            var list = new List<FileScore>(scores.Length);
            for (var i = 0; i < scores.Length; i++)
            {
                list.Add(new FileScore(session.Model.Labels[i], scores[i]));
            }

            return [.. list.OrderByDescending(score => score.Score)];
        }

        async Task SendAsync()
        {
            try
            {
                var buffer = new byte[Math.Max(1, ChunkBytes / file.Source.Format.FrameBytes) * file.Source.Format.FrameBytes];
                while (await file.Source.ReadAsync(buffer, cancellationToken) is var read and > 0)
                {
                    if (registry.Stopping.IsCancellationRequested)
                    {
                        throw new StreamRefusedException(StreamRefusal.ShuttingDown, "The server is shutting down; send the file again later or elsewhere.");
                    }

                    await session.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                await session.CompleteAsync(cancellationToken);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }
    }

    private static bool WantsEvents(HttpRequest request) =>
        request.Headers.Accept.Any(value => value?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);

    private static async Task<(Stream Body, long? Length, string Name)> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return (request.Body, request.ContentLength, "the file");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw new HttpRefusedException(StatusCodes.Status400BadRequest, $"The multipart boundary has {boundary?.Length ?? 0} characters; RFC 2046 asks for 1..70.");
        }

        var parts = new MultipartReader(boundary, request.Body);
        try
        {
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (part.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition())
                {
                    return (part.Body, null, disposition.FileName.Value is { Length: > 0 } name ? Path.GetFileName(name.Trim('"')) : "the file");
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new HttpRefusedException(StatusCodes.Status400BadRequest, $"The multipart body is broken: {e.Message} Send it as curl -F file=@song.mp3 does.");
        }

        throw new HttpRefusedException(StatusCodes.Status400BadRequest, "The multipart body holds no file; send one as curl -F file=@song.mp3 does.");
    }
}

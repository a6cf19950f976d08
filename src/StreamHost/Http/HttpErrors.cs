using System.Text.Encodings.Web;
using System.Text.Json;
using StreamGenre.AudioFiles;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Http;

/// <summary>A request that can't be met whatever the server's state. The message names the value, the limit and the remedy.</summary>
/// <param name="status">HTTP status, 4xx.</param>
/// <param name="message">For the caller to read.</param>
internal sealed class HttpRefusedException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;
}

/// <summary>Errors of requests, as HTTP statuses; bodies are problem details (RFC 9457).</summary>
internal static class HttpErrors
{
    // Quotes and letters of all scripts as they are, as in a problem that is the whole answer: people read them.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The status of an error that a caller can do something about, and what it is told; null for one that is the server's own.</summary>
    public static (int Status, string Detail)? Translate(Exception error) => error switch
    {
        HttpRefusedException refused => (refused.Status, refused.Message),
        StreamRefusedException { Refusal: StreamRefusal.UnknownStream } => (StatusCodes.Status404NotFound, $"{error.Message} GET /v1/streams lists those there are."),
        StreamRefusedException refused => (StatusOf(refused.Refusal), refused.Message),
        SourceRefusedException { Refusal: SourceRefusal.UnknownSource } => (StatusCodes.Status404NotFound, $"{error.Message} GET /v1/sources lists those there are."),
        SourceRefusedException source => (StatusOf(source.Refusal), source.Message),
        StreamOptionsException or IncompleteSampleException => (StatusCodes.Status400BadRequest, error.Message),
        AudioSourceException => (StatusCodes.Status415UnsupportedMediaType, error.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        ObjectDisposedException => (StatusCodes.Status503ServiceUnavailable, "The server is shutting down; connect again later or elsewhere."),
        ClassificationException => (StatusCodes.Status500InternalServerError, error.Message),
        _ => null,
    };

    /// <summary>A problem inside an answer that has begun: of events, or of a WebSocket's messages.</summary>
    public static string Json(int status, string detail) => JsonSerializer.Serialize(new { status, detail }, Readable);

    /// <summary>A problem as an answer.</summary>
    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    /// <summary>Turns what an endpoint throws into a problem, so that endpoints need not.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (Translate(e) is var (status, detail))
        {
            if (status == StatusCodes.Status503ServiceUnavailable)
            {
                context.HttpContext.Response.Headers.RetryAfter = "5";
            }

            return Problem(status, detail);
        }
    }

    /// <summary>Says what routing refused and what it takes; endpoints have said it themselves.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        context.ProblemDetails.Detail ??= response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}; /openapi.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}; it takes {response.Headers.Allow}.",
            _ => null,
        };
    }

    private static int StatusOf(SourceRefusal refusal) => refusal switch
    {
        SourceRefusal.Invalid => StatusCodes.Status400BadRequest,
        SourceRefusal.NotAllowed => StatusCodes.Status403Forbidden,
        SourceRefusal.IdTaken => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static int StatusOf(StreamRefusal refusal) => refusal switch
    {
        StreamRefusal.Invalid or StreamRefusal.NotReachedYet => StatusCodes.Status400BadRequest,
        StreamRefusal.IdTaken => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}

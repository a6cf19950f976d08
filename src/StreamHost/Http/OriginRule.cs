using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Http;

/// <summary>
/// Which pages may send: a browser lets any page open WebSockets to any server and post to it, so requests that carry audio or change something
/// are refused when their <c>Origin</c> is another site. Programs send no <c>Origin</c> and are not held up.
/// </summary>
internal static class OriginRule
{
    /// <summary>Adds it; before the endpoints.</summary>
    public static void UseOriginRule(this WebApplication app, ServerOptions options) => app.Use((context, next) =>
    {
        var request = context.Request;
        var sends = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || context.WebSockets.IsWebSocketRequest;
        if (!sends || request.Headers.Origin is not [{ } origin, ..] || IsAllowed(origin, request.Host, options))
        {
            return next(context);
        }

        return HttpErrors.Problem(
            StatusCodes.Status403Forbidden,
            $"Origin '{origin}' is not this server ({request.Host}); open the page from here, or name the origin in Server:AllowedOrigins.").ExecuteAsync(context);
    });

    private static bool IsAllowed(string origin, HostString host, ServerOptions options) =>
        (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, WithoutDefaultPort(host, uri), StringComparison.OrdinalIgnoreCase))
        || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    // Uri.Authority leaves out the scheme's own port; a Host header may name it.
    private static string? WithoutDefaultPort(HostString host, Uri origin) => host.Port == origin.Port && origin.IsDefaultPort ? host.Host : host.Value;
}

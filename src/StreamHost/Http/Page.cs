using Microsoft.Extensions.FileProviders;

namespace StreamGenre.StreamHost.Http;

/// <summary>The page's files, and the rules that a browser keeps for everything from this server.</summary>
internal static class Page
{
    /// <summary>Adds them; before all endpoints, so that the rules go with every answer.</summary>
    public static void UsePage(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            // Everything the page needs comes from this server, and nothing is inline.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
            context.Response.Headers["Permissions-Policy"] = "microphone=(self), display-capture=(self), camera=(), geolocation=()";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,

            // Asked for anew each time (and mostly answered by 304): the page's parts must be of one version, the server's.
            OnPrepareResponse = static served => served.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}

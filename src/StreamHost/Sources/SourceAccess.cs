using System.Net;

namespace StreamGenre.StreamHost.Sources;

/// <summary>Who may add and remove sources while the server runs.</summary>
internal sealed class SourceAccess(SourcesOptions settings)
{
    /// <summary>Whether a request from there is let through.</summary>
    public bool Allows(HttpContext http) => settings.AddingFrom != AddingFrom.Nobody && (settings.AddingFrom != AddingFrom.Local || IsLocal(http));

    /// <summary>Refuses a request from where none is allowed.</summary>
    /// <exception cref="SourceRefusedException">With what to set.</exception>
    public void Check(HttpContext http)
    {
        if (settings.AddingFrom == AddingFrom.Nobody)
        {
            throw new SourceRefusedException(
                SourceRefusal.NotAllowed, "This server's sources are those of its settings (Sources:Items); Sources:AddingFrom allows nobody to change them.");
        }

        if (settings.AddingFrom == AddingFrom.Local && !IsLocal(http))
        {
            throw new SourceRefusedException(
                SourceRefusal.NotAllowed,
                "Sources can be added and removed on the server's own machine only, through localhost; with Sources:AddingFrom=Anyone (--sources-from anyone) the server opens what anybody who reaches it names.");
        }
    }

    // From this machine, not by way of a proxy that stands on it, and asked for by this machine's name: a page whose name was made to point here
    // (DNS rebinding) comes with its own.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded")
        && (http.Request.Host.Host is "localhost" || IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out _));
}

using System.Net.NetworkInformation;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>Ports for servers that must be told one.</summary>
internal static class FreePort
{
    /// <summary>
    /// A port of this machine that nobody listens on, below those that Linux gives to connections (32,768 and up): such a one may be taken by some connection
    /// before the server has it, even by a client's that asks whether the server is up.
    /// </summary>
    public static int Find()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        int port;
        do
        {
            port = Random.Shared.Next(20_000, 32_768);
        }
        while (taken.Contains(port));
        return port;
    }
}

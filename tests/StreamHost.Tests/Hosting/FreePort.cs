using System.Net.NetworkInformation;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>Ports for servers that must be told one.</summary>
internal static class FreePort
{
    /// <summary>
    /// A port of this machine that nobody listens on. It lies below those that the system gives to connections (from 32,768 on, Linux): one of these may be
    /// taken by a connection before the server has it, by that of whoever asks whether it is up even, which the system may connect to itself.
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

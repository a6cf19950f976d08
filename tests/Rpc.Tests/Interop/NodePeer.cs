using System.Diagnostics;
using System.Reflection;

namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>Starts the scripts in node/, which speak gRPC through grpc-js.</summary>
internal static class NodePeer
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Process Start(string script, params string[] arguments)
    {
        var directory = typeof(NodePeer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "NodeDirectory").Value!;
        var start = new ProcessStartInfo("node", [Path.Combine(directory, script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("node was not started; install Node.js 18 or later.");
    }
}

using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;

namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>A grpc-js server in a process of its own, for all cases of a class.</summary>
public sealed class NodeServerFixture : IAsyncLifetime
{
    private Process _node = null!;

    internal GrpcChannel Channel { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _node = NodePeer.Start("server.js");
        var line = await _node.StandardOutput.ReadLineAsync().WaitAsync(NodePeer.Limit);
        if (!int.TryParse(line, CultureInfo.InvariantCulture, out var port))
        {
            throw new InvalidOperationException($"The grpc-js server printed '{line}' and not its port: {await _node.StandardError.ReadToEndAsync()}");
        }

        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
    }

    public async Task DisposeAsync()
    {
        Channel.Dispose();
        _node.StandardInput.Close();
        await _node.WaitForExitAsync().WaitAsync(NodePeer.Limit);
        _node.Dispose();
    }
}

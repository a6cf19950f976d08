namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>
/// grpc-js as the client. It can't send a plain message on a compressed stream, so client_compressed_streaming sends all of them compressed.
/// </summary>
[Trait("Category", "Server")]
public sealed class NodeClientOurServerTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    public static TheoryData<string> Cases => [.. InteropCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task InteropCase_GrpcJsClientAgainstOurServer_Passes(string name)
    {
        using var node = NodePeer.Start("client.js", fixture.Host.Address.Authority, name);
        var output = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(NodePeer.Limit);
        Assert.True(node.ExitCode == 0, await output);
    }
}

namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>grpc-js as the server. It reads compressed requests but sends no compressed responses, so the server_compressed cases are not here.</summary>
[Trait("Category", "Server")]
public sealed class OurClientNodeServerTests(NodeServerFixture fixture) : IClassFixture<NodeServerFixture>
{
    public static TheoryData<string> Cases => [.. InteropCases.All.Keys.Where(name => !name.StartsWith("server_compressed", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task InteropCase_OurClientAgainstGrpcJsServer_Passes(string name) =>
        InteropCases.All[name](new InteropCases(fixture.Channel, serverSeesCompression: false)).WaitAsync(NodePeer.Limit);
}

namespace StreamGenre.Rpc.Tests.Interop;

public sealed class OurClientOurServerTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    public static TheoryData<string> Cases => [.. InteropCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task InteropCase_OurClientAgainstOurServer_Passes(string name) =>
        InteropCases.All[name](new InteropCases(fixture.Host.Channel, serverSeesCompression: true)).WaitAsync(NodePeer.Limit);
}

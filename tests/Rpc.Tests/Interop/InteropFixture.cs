namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>Our server, for all cases of a class.</summary>
public sealed class InteropFixture : IAsyncLifetime
{
    internal GrpcHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await GrpcHost.StartAsync(new InteropService());

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

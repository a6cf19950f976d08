using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;
using static StreamGenre.V1.SourceService;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>A server that listens to sources, impatiently: waits of a fraction of a second where radio takes seconds to minutes.</summary>
internal sealed class SourceServer : IAsyncDisposable
{
    /// <summary>The impatience, as settings.</summary>
    public static readonly (string Key, string Value)[] Impatient =
    [
        ("Sources:Supervision:MinBackoff", "00:00:00.1"),
        ("Sources:Supervision:MaxBackoff", "00:00:00.5"),
        ("Sources:Supervision:MaxFailures", "1000"),
        ("Sources:Supervision:StalledAfter", "00:00:01"),
        ("Sources:Supervision:RestartAfter", "00:00:02"),
        ("Sources:Supervision:ConnectTimeout", "00:00:08"),
        ("Sources:Supervision:StableAfter", "00:00:01"),
        ("Sources:Supervision:SilentAfter", "00:00:01"),
    ];

    private SourceServer(TestServer test)
    {
        Test = test;
        Sources = new SourceServiceClient(test.Channel);
    }

    public TestServer Test { get; }

    public SourceServiceClient Sources { get; }

    public static async Task<SourceServer> StartAsync(params (string Key, string Value)[] settings) => new(await TestServer.StartAsync([.. Impatient, .. settings]));

    /// <summary>Adds a source and gives its id.</summary>
    public async Task<string> AddAsync(string url, string id = "") =>
        (await Sources.AddSourceAsync(new V1.AddSourceRequest { Url = url, Id = id, WindowHop = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)) })).Id;

    public async Task<V1.SourceInfo> InfoAsync(string id) => (await Sources.ListSourcesAsync(new V1.ListSourcesRequest())).Sources.Single(source => source.Id == id);

    public async Task<V1.StreamInfo> StreamAsync(string id) => (await Test.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams.Single(stream => stream.StreamId == id);

    /// <summary>Waits until a source has become what it should.</summary>
    public async Task<V1.SourceInfo> BecomesAsync(string id, string what, Func<V1.SourceInfo, bool> condition)
    {
        var last = new V1.SourceInfo();
        await Eventually.TrueAsync(async () => condition(last = await InfoAsync(id)), () => $"{what} ({last})");
        return last;
    }

    /// <summary>Waits for its first audio, or for its audio after so many connections.</summary>
    public Task<V1.SourceInfo> IsLiveAsync(string id, long connections = 1) =>
        BecomesAsync(id, $"LIVE with connection {connections}", source => source.State == V1.SourceState.Live && source.Connections >= connections);

    public ValueTask DisposeAsync() => Test.DisposeAsync();
}

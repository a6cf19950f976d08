using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Services;

[Trait("Category", "Server")]
public sealed class ViolationTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string, string> Cases => new()
    {
        { "nothing", "ended before the config" },
        { "audio first", "Audio came before the config" },
        { "empty first", "must set 'config'" },
        { "config twice", "second config" },
        { "empty later", "must set 'audio'" },
        { "encoding unset", "AUDIO_ENCODING_PCM_S16LE" },
        { "encoding unknown", "99" },
        { "rate low", "7999" },
        { "rate high", "192001" },
        { "channels", "9 channels" },
        { "channels negative", "-1 channels" },
        { "id characters", "U+0020" },
        { "id length", "129 characters" },
        { "hop short", "window_hop is 0.05 s" },
        { "hop negative", "window_hop is -5 s" },
        { "smoothing long", "601 s" },
        { "smoothing mode", "smoothing.mode is 77" },
        { "overload", "overload_policy is 55" },
        { "everything", "9 channels" },
        { "odd bytes", "inside a sample" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Classify_ProtocolViolation_IsInvalidArgumentThatSaysWhat(string violation, string said)
    {
        using var call = _server.Client.Classify();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            try
            {
                foreach (var message in Messages(violation))
                {
                    await call.RequestStream.WriteAsync(message);
                }

                await call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // The server may answer while we still write; its answer is what counts.
            }

            while (await call.ResponseStream.MoveNext(default))
            {
            }
        });
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(said, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_SeveralErrorsInTheConfig_AllAreNamed()
    {
        using var call = _server.Client.Classify();
        await call.RequestStream.WriteAsync(Messages("everything").First());
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.All(["encoding", "5 Hz", "9 channels", "window_hop"], part => Assert.Contains(part, error.Status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_WithoutStreamId_IsInvalidArgument()
    {
        using var call = _server.Client.Publish();
        await call.RequestStream.WriteAsync(new V1.PublishRequest { Config = Sound.Config() });
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, true), (error.StatusCode, error.Status.Detail.Contains("stream_id", StringComparison.Ordinal)));
    }

    private static IEnumerable<V1.ClassifyRequest> Messages(string violation)
    {
        static V1.ClassifyRequest Config(Action<V1.StreamConfig> bend)
        {
            var config = Sound.Config();
            bend(config);
            return new V1.ClassifyRequest { Config = config };
        }

        var good = Config(_ => { });
        var audio = new V1.ClassifyRequest { Audio = Sound.NoiseBytes(0.5) };
        return violation switch
        {
            "nothing" => [],
            "audio first" => [audio],
            "empty first" => [new V1.ClassifyRequest()],
            "config twice" => [good, audio, good],
            "empty later" => [good, audio, new V1.ClassifyRequest()],
            "encoding unset" => [Config(c => c.Encoding = V1.AudioEncoding.Unspecified)],
            "encoding unknown" => [Config(c => c.Encoding = (V1.AudioEncoding)99)],
            "rate low" => [Config(c => c.SampleRateHz = 7999)],
            "rate high" => [Config(c => c.SampleRateHz = 192_001)],
            "channels" => [Config(c => c.Channels = 9)],
            "channels negative" => [Config(c => c.Channels = -1)],
            "id characters" => [Config(c => c.StreamId = "my kitchen")],
            "id length" => [Config(c => c.StreamId = new string('a', 129))],
            "hop short" => [Config(c => c.WindowHop = new Duration { Nanos = 50_000_000 })],
            "hop negative" => [Config(c => c.WindowHop = new Duration { Seconds = -5 })],
            "smoothing long" => [Config(c => c.Smoothing = new V1.Smoothing { Window = new Duration { Seconds = 601 } })],
            "smoothing mode" => [Config(c => c.Smoothing = new V1.Smoothing { Mode = (V1.SmoothingMode)77 })],
            "overload" => [Config(c => c.OverloadPolicy = (V1.OverloadPolicy)55)],
            "everything" =>
            [
                Config(c =>
                {
                    c.Encoding = V1.AudioEncoding.Unspecified;
                    c.SampleRateHz = 5;
                    c.Channels = 9;
                    c.WindowHop = new Duration { Seconds = 31 };
                }),
            ],
            "odd bytes" => [good, audio, new V1.ClassifyRequest { Audio = ByteString.CopyFrom(1) }],
            _ => throw new ArgumentOutOfRangeException(nameof(violation), violation, "no such case"),
        };
    }
}

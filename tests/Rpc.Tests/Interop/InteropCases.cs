using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.Interop;

/// <summary>gRPC's interoperability cases (grpc/grpc, doc/interop-test-descriptions.md), run by our client.</summary>
/// <param name="channel">The server.</param>
/// <param name="serverSeesCompression">Whether the server checks expect_compressed; grpc-js does not tell its handlers.</param>
internal sealed class InteropCases(GrpcChannel channel, bool serverSeesCompression)
{
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];
    private static readonly byte[] TrailingBytes = [0xab, 0xab, 0xab];

    private readonly TestService.TestServiceClient _client = new(channel);

    public static IReadOnlyDictionary<string, Func<InteropCases, Task>> All { get; } = new Dictionary<string, Func<InteropCases, Task>>(StringComparer.Ordinal)
    {
        ["empty_unary"] = cases => cases.EmptyUnaryAsync(),
        ["large_unary"] = cases => cases.LargeUnaryAsync(),
        ["client_streaming"] = cases => cases.ClientStreamingAsync(),
        ["server_streaming"] = cases => cases.ServerStreamingAsync(),
        ["ping_pong"] = cases => cases.PingPongAsync(),
        ["empty_stream"] = cases => cases.EmptyStreamAsync(),
        ["client_compressed_unary"] = cases => cases.ClientCompressedUnaryAsync(),
        ["client_compressed_streaming"] = cases => cases.ClientCompressedStreamingAsync(),
        ["server_compressed_unary"] = cases => cases.ServerCompressedUnaryAsync(),
        ["server_compressed_streaming"] = cases => cases.ServerCompressedStreamingAsync(),
        ["custom_metadata"] = cases => cases.CustomMetadataAsync(),
        ["status_code_and_message"] = cases => cases.StatusAsync("test status message"),
        ["special_status_message"] = cases => cases.StatusAsync("\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"),
        ["unimplemented_method"] = cases => cases.UnimplementedMethodAsync(),
        ["unimplemented_service"] = cases => cases.UnimplementedServiceAsync(),
        ["cancel_after_begin"] = cases => cases.CancelAfterBeginAsync(),
        ["cancel_after_first_response"] = cases => cases.CancelAfterFirstResponseAsync(),
        ["timeout_on_sleeping_server"] = cases => cases.TimeoutOnSleepingServerAsync(),
    };

    private static CallOptions Compressed => new(new Metadata { { "grpc-internal-encoding-request", "gzip" } });

    private static Metadata EchoHeaders => new()
    {
        { "x-grpc-test-echo-initial", "test_initial_metadata_value" },
        { "x-grpc-test-echo-trailing-bin", TrailingBytes },
    };

    private async Task EmptyUnaryAsync() => Assert.Equal(new Empty(), await _client.EmptyCallAsync(new Empty()));

    private async Task LargeUnaryAsync() => AssertLarge(await _client.UnaryCallAsync(Large()));

    private async Task ClientStreamingAsync()
    {
        using var call = _client.StreamingInputCall();
        foreach (var size in RequestSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call).AggregatedPayloadSize);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task ServerStreamingAsync()
    {
        using var call = _client.StreamingOutputCall(Asks(ResponseSizes));
        Assert.Equal(ResponseSizes, await SizesAsync(call.ResponseStream));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task PingPongAsync()
    {
        using var call = _client.FullDuplexCall();
        foreach (var (requestSize, responseSize) in RequestSizes.Zip(ResponseSizes))
        {
            var request = Asks(responseSize);
            request.Payload = Zeros(requestSize);
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(responseSize, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private async Task EmptyStreamAsync()
    {
        using var call = _client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Assert.Empty(await SizesAsync(call.ResponseStream));
    }

    private async Task ClientCompressedUnaryAsync()
    {
        if (serverSeesCompression)
        {
            // The probe: a server that can't tell would make the rest of the case worthless.
            await AssertFailsAsync(StatusCode.InvalidArgument, _client.UnaryCallAsync(Large(expectCompressed: true)).ResponseAsync);
        }

        AssertLarge(await _client.UnaryCallAsync(Large(expectCompressed: true), Compressed));
        AssertLarge(await _client.UnaryCallAsync(Large(expectCompressed: false), Compressed.WithWriteOptions(new WriteOptions(WriteFlags.NoCompress))));
    }

    private async Task ClientCompressedStreamingAsync()
    {
        if (serverSeesCompression)
        {
            using var probe = _client.StreamingInputCall();
            await probe.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(27182), ExpectCompressed = new BoolValue { Value = true } });
            await AssertFailsAsync(StatusCode.InvalidArgument, probe.ResponseAsync);
        }

        using var call = _client.StreamingInputCall(Compressed);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(27182), ExpectCompressed = new BoolValue { Value = true } });
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(45904), ExpectCompressed = new BoolValue { Value = false } });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call).AggregatedPayloadSize);
    }

    private async Task ServerCompressedUnaryAsync()
    {
        foreach (var compressed in (bool[])[true, false])
        {
            var request = Large();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            AssertLarge(await _client.UnaryCallAsync(request));
        }
    }

    private async Task ServerCompressedStreamingAsync()
    {
        var request = Asks(31415, 92653);
        request.ResponseParameters[0].Compressed = new BoolValue { Value = true };
        request.ResponseParameters[1].Compressed = new BoolValue { Value = false };
        using var call = _client.StreamingOutputCall(request);
        Assert.Equal([31415, 92653], await SizesAsync(call.ResponseStream));
    }

    private async Task CustomMetadataAsync()
    {
        using var unary = _client.UnaryCallAsync(Large(), EchoHeaders);
        AssertLarge(await unary);
        AssertEchoed(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using var duplex = _client.FullDuplexCall(EchoHeaders);
        await duplex.RequestStream.WriteAsync(Asks(314159));
        await duplex.RequestStream.CompleteAsync();
        Assert.Equal([314159], await SizesAsync(duplex.ResponseStream));
        AssertEchoed(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    private async Task StatusAsync(string message)
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };
        var unary = await AssertFailsAsync(StatusCode.Unknown, _client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }).ResponseAsync);
        Assert.Equal(message, unary.Status.Detail);

        using var call = _client.FullDuplexCall();
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        }
        catch (RpcException e)
        {
            // The server may answer and end the call while the write's flush is under way; the write then fails with that status.
            Assert.Equal(message, e.Status.Detail);
        }

        await call.RequestStream.CompleteAsync();
        var duplex = await AssertFailsAsync(StatusCode.Unknown, call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(message, duplex.Status.Detail);
    }

    private async Task UnimplementedMethodAsync() => await AssertFailsAsync(StatusCode.Unimplemented, _client.UnimplementedCallAsync(new Empty()).ResponseAsync);

    private async Task UnimplementedServiceAsync() => await AssertFailsAsync(
        StatusCode.Unimplemented, new UnimplementedService.UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty()).ResponseAsync);

    private async Task CancelAfterBeginAsync()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _client.StreamingInputCall(cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await AssertFailsAsync(StatusCode.Cancelled, call.ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    private async Task CancelAfterFirstResponseAsync()
    {
        using var cancel = new CancellationTokenSource();
        using var call = _client.FullDuplexCall(cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(Asks(31415));
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await cancel.CancelAsync();
        await AssertFailsAsync(StatusCode.Cancelled, call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private async Task TimeoutOnSleepingServerAsync()
    {
        using var call = _client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Zeros(27182) });
        }
        catch (RpcException e)
        {
            // The millisecond may be over before the write.
            Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        }

        await AssertFailsAsync(StatusCode.DeadlineExceeded, call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static async Task<RpcException> AssertFailsAsync(StatusCode expected, Task call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(expected, failure.StatusCode);
        return failure;
    }

    private static void AssertEchoed(Metadata headers, Metadata trailers)
    {
        Assert.Equal("test_initial_metadata_value", headers.GetValue("x-grpc-test-echo-initial"));
        Assert.Equal(TrailingBytes, trailers.GetValueBytes("x-grpc-test-echo-trailing-bin"));
    }

    private static void AssertLarge(SimpleResponse response) => Assert.Equal(Zeros(314159), response.Payload);

    private static SimpleRequest Large(bool? expectCompressed = null) => new()
    {
        ResponseSize = 314159,
        Payload = Zeros(271828),
        ExpectCompressed = expectCompressed is { } value ? new BoolValue { Value = value } : null,
    };

    private static StreamingOutputCallRequest Asks(params int[] sizes)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(sizes.Select(size => new ResponseParameters { Size = size }));
        return request;
    }

    private static async Task<List<int>> SizesAsync(IAsyncStreamReader<StreamingOutputCallResponse> responses)
    {
        var sizes = new List<int>();
        await foreach (var response in responses.ReadAllAsync())
        {
            sizes.Add(response.Payload.Body.Length);
        }

        return sizes;
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}

using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests;

/// <summary>A service whose handlers each test writes itself.</summary>
internal sealed class ScriptedService : TestService.TestServiceBase
{
    public Func<SimpleRequest, ServerCallContext, Task<SimpleResponse?>> OnUnary { get; init; } =
        (request, _) => Task.FromResult<SimpleResponse?>(new SimpleResponse { Payload = request.Payload });

    public Func<IAsyncStreamReader<StreamingInputCallRequest>, ServerCallContext, Task<StreamingInputCallResponse>> OnInput { get; init; } =
        (_, _) => Task.FromResult(new StreamingInputCallResponse());

    public Func<IServerStreamWriter<StreamingOutputCallResponse>, ServerCallContext, Task> OnOutput { get; init; } = (_, _) => Task.CompletedTask;

    public Func<IAsyncStreamReader<StreamingOutputCallRequest>, IServerStreamWriter<StreamingOutputCallResponse>, ServerCallContext, Task> OnDuplex { get; init; } =
        async (requests, responses, _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(new StreamingOutputCallResponse { Payload = request.Payload });
            }
        };

    public static Payload Bytes(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    public override Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context) => OnUnary(request, context)!;

    public override Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context) => OnInput(requestStream, context);

    public override Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context) =>
        OnOutput(responseStream, context);

    public override Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context) => OnDuplex(requestStream, responseStream, context);
}

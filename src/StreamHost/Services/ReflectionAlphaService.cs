using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace StreamGenre.StreamHost.Services;

/// <summary>
/// grpc.reflection.v1alpha.ServerReflection, which older clients still ask first. Its messages are those of v1 byte for byte, so a request is read
/// again as v1's and the answer written back the same way.
/// </summary>
internal sealed class ReflectionAlphaService(DescriptorCatalog catalog) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var request = Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString());
            var response = ReflectionService.Answer(catalog, request);
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(response.ToByteString()), context.CancellationToken);
        }
    }
}

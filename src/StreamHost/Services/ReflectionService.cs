using Grpc.Core;
using Grpc.Reflection.V1;

namespace StreamGenre.StreamHost.Services;

/// <summary>grpc.reflection.v1.ServerReflection: what grpcurl and its like ask a server for its schema with.</summary>
internal sealed class ReflectionService(DescriptorCatalog catalog) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(Answer(catalog, requestStream.Current), context.CancellationToken);
        }
    }

    /// <summary>The answer to one question.</summary>
    public static ServerReflectionResponse Answer(DescriptorCatalog catalog, ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { catalog.Services.Select(name => new ServiceResponse { Name = name }) },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                SetFiles(response, catalog.ByFileName(request.FileByFilename), $"File '{request.FileByFilename}' is unknown.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                SetFiles(response, catalog.BySymbol(request.FileContainingSymbol), $"Symbol '{request.FileContainingSymbol}' is unknown.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                SetError(response, StatusCode.NotFound, "The schema is proto3 and has no extensions.");
                break;
            default:
                SetError(response, StatusCode.InvalidArgument, "The request asks for nothing; set one of message_request.");
                break;
        }

        return response;
    }

    private static void SetFiles(ServerReflectionResponse response, IReadOnlyList<Google.Protobuf.ByteString>? files, string error)
    {
        if (files is null)
        {
            SetError(response, StatusCode.NotFound, error);
        }
        else
        {
            response.FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files } };
        }
    }

    private static void SetError(ServerReflectionResponse response, StatusCode code, string message) =>
        response.ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message };
}

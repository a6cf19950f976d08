using Grpc.Core;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>streamgenre.v1.HistoryService.</summary>
internal sealed class HistoryService(HistoryReader reader) : V1.HistoryService.HistoryServiceBase
{
    public override async Task<V1.GetHistoryResponse> GetHistory(V1.GetHistoryRequest request, ServerCallContext context)
    {
        try
        {
            return await reader.ReadAsync(request, context.CancellationToken);
        }
        catch (StreamRefusedException e)
        {
            throw new RpcException(RpcErrors.Translate(e)!.Value);
        }
    }
}

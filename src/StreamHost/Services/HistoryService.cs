using Grpc.Core;

namespace StreamGenre.StreamHost.Services;

/// <summary>streamgenre.v1.HistoryService.</summary>
internal sealed class HistoryService(HistoryReader reader) : V1.HistoryService.HistoryServiceBase
{
    public override Task<V1.GetHistoryResponse> GetHistory(V1.GetHistoryRequest request, ServerCallContext context) =>
        RpcErrors.TranslatedAsync(() => reader.ReadAsync(request, context.CancellationToken));
}

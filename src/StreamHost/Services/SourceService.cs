using Grpc.Core;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Services;

/// <summary>streamgenre.v1.SourceService: translates between the wire and <see cref="SourceRegistry"/>.</summary>
internal sealed class SourceService(SourceRegistry sources, SourceAccess access) : V1.SourceService.SourceServiceBase
{
    public override Task<V1.SourceInfo> AddSource(V1.AddSourceRequest request, ServerCallContext context) => RpcErrors.TranslatedAsync(() =>
    {
        access.Check(context.GetHttpContext());
        return Task.FromResult(WireSource.Write(sources.Add(WireSource.Read(request))));
    });

    public override Task<V1.RemoveSourceResponse> RemoveSource(V1.RemoveSourceRequest request, ServerCallContext context) => RpcErrors.TranslatedAsync(async () =>
    {
        access.Check(context.GetHttpContext());
        await sources.RemoveAsync(request.Id);
        return new V1.RemoveSourceResponse();
    });

    public override Task<V1.ListSourcesResponse> ListSources(V1.ListSourcesRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListSourcesResponse { Sources = { sources.List().Select(WireSource.Write) } });
}

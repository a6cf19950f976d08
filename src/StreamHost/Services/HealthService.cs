using Grpc.Core;
using Grpc.Health.V1;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>grpc.health.v1.Health: serving until the server begins to shut down.</summary>
internal sealed class HealthService(StreamRegistry registry) : Health.HealthBase
{
    private static readonly string[] Known = ["", V1.GenreStreamService.Descriptor.FullName, V1.SourceService.Descriptor.FullName, V1.HistoryService.Descriptor.FullName];

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Known.Contains(request.Service)
            ? Task.FromResult(Now())
            : throw new RpcException(new Status(
                StatusCode.NotFound, $"Service '{request.Service}' is unknown; ask for '{V1.GenreStreamService.Descriptor.FullName}' or leave it empty."));

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthListResponse { Statuses = { Known.ToDictionary(service => service, _ => Now()) } });

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var known = Known.Contains(request.Service);
        var first = known ? Now() : Of(HealthCheckResponse.Types.ServingStatus.ServiceUnknown);
        await responseStream.WriteAsync(first, context.CancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(registry.Stopping, context.CancellationToken);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (known && first.Status == HealthCheckResponse.Types.ServingStatus.Serving && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(Now(), context.CancellationToken);
        }
    }

    private static HealthCheckResponse Of(HealthCheckResponse.Types.ServingStatus status) => new() { Status = status };

    private HealthCheckResponse Now() => Of(
        registry.Stopping.IsCancellationRequested
            ? HealthCheckResponse.Types.ServingStatus.NotServing
            : HealthCheckResponse.Types.ServingStatus.Serving);
}

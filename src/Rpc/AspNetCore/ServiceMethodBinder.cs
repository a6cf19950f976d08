using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// Makes an endpoint of each method that the generated code names. The handlers it brings are null, there being no service object yet, so
/// the methods are found on the service's class by name and called on the object of each call.
/// </summary>
internal sealed class ServiceMethodBinder<TService>(IEndpointRouteBuilder routes) : ServiceBinderBase
    where TService : class
{
    private delegate Task<TResponse> Unary<in TRequest, TResponse>(TService service, TRequest request, ServerCallContext context);

    private delegate Task<TResponse> ClientStreaming<in TRequest, TResponse>(
        TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context);

    private delegate Task ServerStreaming<in TRequest, out TResponse>(
        TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);

    private delegate Task Duplex<in TRequest, out TResponse>(
        TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

    private readonly ServiceActivator<TService> _activator = new();
    private readonly GrpcServiceOptions _options = routes.ServiceProvider.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
    private readonly ILogger _logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server");
    private readonly TimeProvider _clock = routes.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;

    public List<IEndpointConventionBuilder> Endpoints { get; } = [];

    public HashSet<string> ServiceNames { get; } = new(StringComparer.Ordinal);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Find<Unary<TRequest, TResponse>>(method, typeof(TRequest), typeof(ServerCallContext));
        Map(method, async (service, call) =>
        {
            var request = await new RequestStreamReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
            await RespondAsync(method, call, await invoke(service, request, call));
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Find<ClientStreaming<TRequest, TResponse>>(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        Map(method, async (service, call) =>
            await RespondAsync(method, call, await invoke(service, new RequestStreamReader<TRequest>(call, method.RequestMarshaller), call)));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Find<ServerStreaming<TRequest, TResponse>>(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, async (service, call) =>
        {
            var request = await new RequestStreamReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
            await invoke(service, request, new ResponseStreamWriter<TResponse>(call, method.ResponseMarshaller), call);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Find<Duplex<TRequest, TResponse>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Map(method, (service, call) => invoke(
            service,
            new RequestStreamReader<TRequest>(call, method.RequestMarshaller),
            new ResponseStreamWriter<TResponse>(call, method.ResponseMarshaller),
            call));
    }

    private static Task RespondAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, HttpServerCallContext call, TResponse? response)
        where TResponse : class
    {
        if (response is null)
        {
            // A handler that has set an error status has nothing to say.
            return call.Status.StatusCode != StatusCode.OK
                ? Task.CompletedTask
                : throw new RpcException(new Status(StatusCode.Cancelled, $"The handler of {method.FullName} returned null instead of a response."));
        }

        // Flushed together with the trailers, in one go.
        return call.Output.WriteAsync(response, method.ResponseMarshaller, null, mayWait: true, CancellationToken.None);
    }

    private static TDelegate Find<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        var found = typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException(
                $"{typeof(TService)} has no public method {method.Name}({string.Join(", ", parameters.Select(type => type.Name))}), which {method.FullName} needs.");
        return found.CreateDelegate<TDelegate>();
    }

    private void Map<TRequest, TResponse>(Method<TRequest, TResponse> method, Func<TService, HttpServerCallContext, Task> invoke)
        where TRequest : class
        where TResponse : class
    {
        var runner = new CallRunner(method, _options, call => InvokeAsync(invoke, call), _clock, _logger);
        var endpoint = routes.Map(RoutePatternFactory.Parse(method.FullName), runner.RunAsync);
        endpoint.WithDisplayName($"gRPC - {method.FullName}");
        endpoint.WithMetadata(new GrpcMethodMetadata(typeof(TService), method), new HttpMethodMetadata([HttpMethods.Post]));
        endpoint.WithMetadata([.. typeof(TService).GetCustomAttributes(inherit: true), .. MethodAttributes(method.Name)]);
        Endpoints.Add(endpoint);
        ServiceNames.Add(method.ServiceName);
    }

    private static IEnumerable<object> MethodAttributes(string name) =>
        typeof(TService).GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.Name == name)
            .SelectMany(method => method.GetCustomAttributes(inherit: true));

    private async Task InvokeAsync(Func<TService, HttpServerCallContext, Task> invoke, HttpServerCallContext call)
    {
        var (service, isOwned) = _activator.Create(call.Http.RequestServices);
        try
        {
            await invoke(service, call);
        }
        finally
        {
            if (isOwned)
            {
                await ServiceActivator<TService>.ReleaseAsync(service);
            }
        }
    }
}

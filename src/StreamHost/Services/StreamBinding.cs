using Grpc.Core;

namespace StreamGenre.StreamHost.Services;

/// <summary>Binds <see cref="GenreStreamService"/> as the generated code does, but with <see cref="StreamMessage"/> for the requests that carry audio.</summary>
internal static class StreamBinding
{
    /// <summary>Names the service's methods.</summary>
    public static void Bind(ServiceBinderBase binder, GenreStreamService? service) =>
        V1.GenreStreamService.BindService(new Binder(binder), service!);

    private sealed class Binder(ServiceBinderBase inner) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(OfMessages(method), (DuplexStreamingServerMethod<StreamMessage, TResponse>?)null);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(OfMessages(method), (ClientStreamingServerMethod<StreamMessage, TResponse>?)null);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            inner.AddMethod(method, handler);

        // Those of the service that stream requests, Classify and Publish, stream audio.
        private static Method<StreamMessage, TResponse> OfMessages<TRequest, TResponse>(Method<TRequest, TResponse> method) =>
            new(method.Type, method.ServiceName, method.Name, StreamMessage.Marshaller, method.ResponseMarshaller);
    }
}

namespace Grpc.Core;

/// <summary>Is told a service's methods, one by one, by the generated <c>BindService</c>.</summary>
public class ServiceBinderBase
{
    /// <summary>Takes a unary method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null where the service is made anew for each call.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Takes a client streaming method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null where the service is made anew for each call.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Takes a server streaming method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null where the service is made anew for each call.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Takes a duplex streaming method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null where the service is made anew for each call.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();
}

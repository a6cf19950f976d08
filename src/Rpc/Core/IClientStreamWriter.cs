namespace Grpc.Core;

/// <summary>A client's requests.</summary>
/// <typeparam name="T">The request message.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Half-closes the call: no request follows, responses may.</summary>
    Task CompleteAsync();
}

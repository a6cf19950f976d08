namespace Grpc.Core;

/// <summary>Base of generated clients.</summary>
public abstract class ClientBase
{
    /// <summary>For test doubles only: without an invoker no call can be made.</summary>
    protected ClientBase() => CallInvoker = UnconnectedCallInvoker.Instance;

    /// <summary>Makes a client of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    protected ClientBase(ClientBaseConfiguration configuration) => CallInvoker = configuration.CallInvoker;

    /// <summary>Makes a client on a channel.</summary>
    /// <param name="channel">The channel.</param>
    protected ClientBase(ChannelBase channel) => CallInvoker = channel.CreateCallInvoker();

    /// <summary>Makes a client on an invoker.</summary>
    /// <param name="callInvoker">The invoker.</param>
    protected ClientBase(CallInvoker callInvoker) => CallInvoker = callInvoker;

    /// <summary>Makes the calls.</summary>
    protected CallInvoker CallInvoker { get; }

    /// <summary>How a client is set up.</summary>
    protected internal sealed class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker undecoratedCallInvoker, string? host) =>
            CallInvoker = host is null ? undecoratedCallInvoker : new HostCallInvoker(undecoratedCallInvoker, host);

        internal CallInvoker CallInvoker { get; }
    }
}

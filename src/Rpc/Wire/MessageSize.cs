using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Holds messages to their size limits.</summary>
internal static class MessageSize
{
    public static void ThrowIfReceivedAbove(int? limit, long size, string verb = "has")
    {
        if (size > limit)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"Received message exceeds the maximum configured message size: it {verb} {size} bytes, the limit is {limit}. Send smaller messages or raise MaxReceiveMessageSize."));
        }
    }

    public static void ThrowIfSentAbove(int? limit, long size)
    {
        if (size > limit)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"Sending message exceeds the maximum configured message size: it has {size} bytes, the limit is {limit}. Send smaller messages or raise MaxSendMessageSize."));
        }
    }
}

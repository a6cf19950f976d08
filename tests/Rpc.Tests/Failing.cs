using Grpc.Core;

namespace StreamGenre.Rpc.Tests;

/// <summary>Expects calls to fail.</summary>
internal static class Failing
{
    public static async Task<RpcException> WithAsync(StatusCode expected, Task call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(RawCall.Limit));
        Assert.True(expected == failure.StatusCode, $"{expected} was expected; the call ended with {failure.Status}");
        return failure;
    }
}

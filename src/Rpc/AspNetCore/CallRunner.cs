using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Runs one method's calls from the request's headers to the status in the trailers.</summary>
internal sealed class CallRunner(IMethod method, GrpcServiceOptions options, Func<HttpServerCallContext, Task> handler, TimeProvider clock, ILogger logger)
{
    // RFC 9113, section 7.
    private const int ResetNoError = 0;
    private const int ResetCancel = 8;

    public async Task RunAsync(HttpContext http)
    {
        if (!GrpcResponse.IsCall(http))
        {
            return;
        }

        LiftHttpLimits(http);
        await using var call = new HttpServerCallContext(http, method, options);
        try
        {
            call.Begin(clock);
            var handling = handler(call);
            if (call.CallDeadline is { } deadline && await Task.WhenAny(handling, deadline.Passed) != handling)
            {
                await EndAtDeadlineAsync(call);
            }

            // Even a handler that the deadline has overtaken holds the request's objects until it returns.
            await handling;
            End(call, call.Status, null);
        }
        catch (Exception e)
        {
            EndWith(call, e);
        }
        finally
        {
            call.End();
        }
    }

    private void EndWith(HttpServerCallContext call, Exception exception)
    {
        if (call.Output.IsClosed)
        {
            return;
        }

        if (call.CallDeadline?.HasPassed == true)
        {
            logger.DeadlinePassed(method.FullName);
            End(call, new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), null);
        }
        else if (exception is RpcException failure)
        {
            logger.CallFailed(method.FullName, failure.StatusCode, failure.Status.Detail);
            End(call, failure.Status, failure.Trailers);
        }
        else if (call.ClientIsGone || call.Http.RequestAborted.IsCancellationRequested)
        {
            logger.ClientCancelled(method.FullName);
            End(call, Status.DefaultCancelled, null);
        }
        else
        {
            logger.HandlerFailed(exception, method.FullName);
            var detail = options.EnableDetailedErrors == true
                ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"
                : "Exception was thrown by handler.";
            End(call, new Status(StatusCode.Unknown, detail, exception), null);
        }
    }

    private static void End(HttpServerCallContext call, Status status, Metadata? moreTrailers)
    {
        if (call.Output.IsClosed)
        {
            return;
        }

        if (!call.Output.TryClose())
        {
            // The handler has left a write behind that it did not await: its bytes may be half out, so no status can follow them.
            call.Http.Features.Get<IHttpResetFeature>()?.Reset(ResetCancel);
            return;
        }

        GrpcResponse.WriteStatus(call.Http.Response, status, call.ResponseTrailersOrNull);
        GrpcResponse.AddMetadata(Destination(call.Http), moreTrailers);
    }

    private static IHeaderDictionary Destination(HttpContext http) =>
        http.Response.HasStarted ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : http.Response.Headers;

    private async Task EndAtDeadlineAsync(HttpServerCallContext call)
    {
        logger.DeadlinePassed(method.FullName);
        if (!call.Output.TryClose())
        {
            call.Http.Features.Get<IHttpResetFeature>()?.Reset(ResetCancel);
            return;
        }

        GrpcResponse.WriteStatus(call.Http.Response, new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), call.ResponseTrailersOrNull);
        await call.Http.Response.CompleteAsync();

        // What the client still sends is of no use; with NO_ERROR it keeps the response that it has (RFC 9113, section 8.1).
        call.Http.Features.Get<IHttpResetFeature>()?.Reset(ResetNoError);
    }

    /// <summary>
    /// A stream may be silent for long and has no length: neither Kestrel's least data rate nor its greatest body size fits it. Each
    /// message is held to MaxReceiveMessageSize instead.
    /// </summary>
    private void LiftHttpLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = null;
        }

        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } dataRate)
        {
            dataRate.MinDataRate = null;
        }
    }
}

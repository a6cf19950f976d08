using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>
/// One call: an HTTP/2 request whose end, whatever brings it about (trailers, a broken connection, the deadline, the caller), becomes one
/// status. Whoever learns of an end first decides it.
/// </summary>
internal sealed class HttpCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    // Larger reads than a pipe's own 4 KiB: messages of some tens of KiB are common, and the buffers are pooled.
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 16 * 1024);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Metadata> _responseHeaders = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Outcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpRequestMessage _request;
    private readonly string? _requestEncoding;
    private readonly CancellationTokenRegistration _callerCancels;
    private readonly Timer? _deadlineTimer;
    private Task<MessageReader<TResponse>>? _responses;
    private HttpResponseMessage? _response;
    private PipeReader? _body;
    private bool _isReadToEnd;

    public HttpCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        _channel = channel;
        _method = method;
        _options = options;
        var timeout = TimeoutOf(options.Deadline);
        _request = RequestHeaders.Create(channel, method, host, options, timeout, out _requestEncoding);
        _callerCancels = options.CancellationToken.UnsafeRegister(
            static call => ((HttpCall<TRequest, TResponse>)call!).EndAsCancelled(), this);

        // 49 days are the longest that a timer takes; such a deadline is left to the server.
        if (timeout is { } time && time.TotalMilliseconds < uint.MaxValue - 1)
        {
            _deadlineTimer = new Timer(
                static call => ((HttpCall<TRequest, TResponse>)call!).EndAtDeadline(), this, time < TimeSpan.Zero ? TimeSpan.Zero : time, Timeout.InfiniteTimeSpan);
        }
    }

    public Task<Metadata> ResponseHeaders => _responseHeaders.Task;

    public Task<Outcome> Completion => _outcome.Task;

    public CancellationToken Ended => _ended.Token;

    public Marshaller<TRequest> RequestMarshaller => _method.RequestMarshaller;

    public int? MaxSendMessageSize => _channel.MaxSendMessageSize;

    /// <summary>Sends a request that is one message.</summary>
    public void Start(TRequest message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _request.Content = new RequestContent(async (stream, cancellationToken) =>
        {
            var buffer = new PooledBufferWriter();
            try
            {
                Frame(message, buffer);
                await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
            }
            finally
            {
                buffer.Release();
            }
        });
        _responses = Observed(SendAsync());
    }

    /// <summary>Sends a request whose messages come later.</summary>
    public RequestStreamWriter<TRequest, TResponse> StartStreaming()
    {
        var writer = new RequestStreamWriter<TRequest, TResponse>(this) { WriteOptions = _options.WriteOptions };
        _request.Content = new RequestContent(writer.RunAsync);
        _responses = Observed(SendAsync());
        return writer;
    }

    public bool ShouldCompress(WriteOptions? options) =>
        _requestEncoding is not null && ((options ?? _options.WriteOptions)?.Flags & WriteFlags.NoCompress) is not WriteFlags.NoCompress;

    /// <summary>The next response; null after the last of a call that ended well.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isReadToEnd)
        {
            using var cancels = cancellationToken.UnsafeRegister(static call => ((HttpCall<TRequest, TResponse>)call!).EndAsCancelled(), this);
            try
            {
                var responses = await _responses!;
                if (await responses.ReadAsync(Ended))
                {
                    return responses.Message;
                }

                var trailers = _response!.TrailingHeaders;
                End(
                    ResponseHeadersReader.FindStatus(trailers) ?? new Status(StatusCode.Unknown, "The server ended the response without a grpc-status."),
                    ResponseHeadersReader.ReadMetadata(trailers));
            }
            catch (Exception e)
            {
                End(ToStatus(e));
            }

            // Only here is nobody reading any more, so the buffers can go back to their pool.
            _isReadToEnd = true;
            if (_body is not null)
            {
                await _body.CompleteAsync();
            }
        }

        var outcome = await Completion;
        return outcome.Status.StatusCode == StatusCode.OK ? null : throw outcome.ToException();
    }

    public async Task<TResponse> ReadSingleResponseAsync()
    {
        if (await ReadAsync(CancellationToken.None) is not { } message)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The server ended the call with OK but sent no response."), GetTrailers());
        }

        // What follows the response is the status, and only it says whether the response counts.
        if (await ReadAsync(CancellationToken.None) is not null)
        {
            throw Fail(new Status(StatusCode.Internal, "The server sent a second response where the method has one."));
        }

        return message;
    }

    public Status GetStatus() => Finished().Status;

    public Metadata GetTrailers() => Finished().Trailers;

    /// <summary>Ends a call that is not over as cancelled, and frees what it holds.</summary>
    public void Dispose() => End(new Status(StatusCode.Cancelled, "The call was disposed."));

    public Status ToStatus(Exception exception)
    {
        if (exception is RpcException failure)
        {
            return failure.Status;
        }

        var status = TransportError.ToStatus(exception);

        // A server whose clock ran out first resets the stream; its CANCEL stands for the deadline.
        return status.StatusCode == StatusCode.Cancelled && _options.Deadline is { } deadline && Remaining(deadline) <= TimeSpan.Zero
            ? DeadlineExceeded()
            : status;
    }

    /// <summary>What a failed write of the request means to the writer.</summary>
    public async Task<RpcException> ToWriteExceptionAsync(Exception exception)
    {
        // A single response is being waited for anyway, and its status will come; those of a stream come only to who reads them.
        if (Completion.IsCompleted || _method.Type == MethodType.ClientStreaming)
        {
            return (await Completion).ToException();
        }

        var status = ToStatus(exception);
        return new RpcException(new Status(
            status.StatusCode, $"The request can't be written, the responses tell why: read them to their end. {status.Detail}", exception));
    }

    public void ThrowIfEnded()
    {
        if (Completion.IsCompleted)
        {
            throw Completion.Result.ToException();
        }
    }

    public void EndAsCancelled() => End(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    /// <summary>Ends the call and says with what: an earlier end wins.</summary>
    public RpcException Fail(Status status, Metadata? trailers = null)
    {
        End(status, trailers);
        return Completion.Result.ToException();
    }

    /// <summary>Decides the call's outcome, if nothing has yet.</summary>
    public void End(Status status, Metadata? trailers = null)
    {
        if (!_outcome.TrySetResult(new Outcome(status, trailers ?? Metadata.Empty)))
        {
            return;
        }

        // Without an answer there are no headers to wait for; nobody need be waiting, so the failure counts as seen.
        if (_responseHeaders.TrySetException(new RpcException(status, trailers ?? Metadata.Empty)))
        {
            _ = _responseHeaders.Task.Exception;
        }

        _deadlineTimer?.Dispose();
        _callerCancels.Unregister();
        _ended.Cancel();

        // Disposing a response that has not been read to its end resets the stream, which tells the server.
        Volatile.Read(ref _response)?.Dispose();
    }

    private async Task<MessageReader<TResponse>> SendAsync()
    {
        try
        {
            if (_options.Deadline is { } deadline && Remaining(deadline) <= TimeSpan.Zero)
            {
                EndAtDeadline();
            }

            var response = await _channel.Http.SendAsync(_request, Ended);
            Interlocked.Exchange(ref _response, response);
            if (Completion.IsCompleted)
            {
                response.Dispose();
            }

            // A status in the headers is the whole answer, even one of an odd HTTP status.
            if (ResponseHeadersReader.FindStatus(response.Headers) is { } status)
            {
                _responseHeaders.TrySetResult([]);
                throw Fail(status, ResponseHeadersReader.ReadMetadata(response.Headers));
            }

            if (ResponseHeadersReader.FindHttpError(response) is { } error)
            {
                throw Fail(error);
            }

            var encoding = ResponseHeadersReader.Find(response.Headers, GrpcHeaders.Encoding);
            if (encoding is not (null or GrpcHeaders.Identity or GrpcHeaders.Gzip))
            {
                throw Fail(new Status(StatusCode.Internal, $"Responses compressed with '{encoding}' can't be read; this client reads {GrpcHeaders.AcceptedEncodings}."));
            }

            _responseHeaders.TrySetResult(ResponseHeadersReader.ReadMetadata(response.Headers));
            _body = PipeReader.Create(await response.Content.ReadAsStreamAsync(Ended), ReaderOptions);
            return new MessageReader<TResponse>(_body, _method.ResponseMarshaller.ContextualDeserializer, encoding, _channel.MaxReceiveMessageSize);
        }
        catch (Exception e)
        {
            throw Fail(ToStatus(e));
        }
    }

    private void EndAtDeadline() => End(DeadlineExceeded());

    private void Frame(TRequest message, PooledBufferWriter buffer)
    {
        try
        {
            new MessageFramer(MaxSendMessageSize).Write(message, RequestMarshaller.ContextualSerializer, buffer, ShouldCompress(null));
        }
        catch (Exception e)
        {
            throw Fail(ToStatus(e));
        }
    }

    private Outcome Finished() => Completion.IsCompletedSuccessfully
        ? Completion.Result
        : throw new InvalidOperationException("The call is not over; read its response or all of its responses first.");

    private static Status DeadlineExceeded() => new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    private static TimeSpan Remaining(DateTime deadline) => deadline.ToUniversalTime() - DateTime.UtcNow;

    private static TimeSpan? TimeoutOf(DateTime? deadline) => deadline is null || deadline == DateTime.MaxValue ? null : Remaining(deadline.Value);

    /// <summary>Nobody has to wait for a call to start; an error that nobody asked for is no error of the process.</summary>
    private static Task<T> Observed<T>(Task<T> task)
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }
}

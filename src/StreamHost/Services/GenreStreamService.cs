using Grpc.Core;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>streamgenre.v1.GenreStreamService: translates between the wire and <see cref="StreamRegistry"/>.</summary>
internal sealed class GenreStreamService(StreamRegistry registry, IGenreEngine engine, ILogger<GenreStreamService> log)
    : V1.GenreStreamService.GenreStreamServiceBase
{
    public override Task Classify(
        IAsyncStreamReader<V1.ClassifyRequest> requestStream, IServerStreamWriter<V1.GenreUpdate> responseStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            var intake = new StreamIntake<V1.ClassifyRequest>(requestStream, StreamMessage.Of);
            var config = await intake.ReadConfigAsync(context.CancellationToken);
            var named = config.StreamId.Length > 0;
            var id = named ? config.StreamId : $"classify-{Guid.NewGuid():N}";
            await using var session = registry.Open(WireSettings.Read(config, id, OverloadPolicy.Block), named);
            await RunAsync(intake, session, context, update => responseStream.WriteAsync(WireUpdate.Write(update, missed: 0), context.CancellationToken));
            return true;
        });

    public override Task<V1.PublishSummary> Publish(IAsyncStreamReader<V1.PublishRequest> requestStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            var intake = new StreamIntake<V1.PublishRequest>(requestStream, StreamMessage.Of);
            var config = await intake.ReadConfigAsync(context.CancellationToken);
            if (config.StreamId.Length == 0)
            {
                throw RpcErrors.Invalid("stream_id is empty; Publish needs one for others to subscribe to (or call Classify without).");
            }

            await using var session = registry.Open(WireSettings.Read(config, config.StreamId, OverloadPolicy.DropOldest), named: true);
            var classified = 0L;
            await RunAsync(intake, session, context, update =>
            {
                classified += update.WindowScores.IsEmpty ? 0 : 1;
                return Task.CompletedTask;
            });
            return WireUpdate.WriteSummary(session, classified);
        });

    public override Task Subscribe(V1.SubscribeRequest request, IServerStreamWriter<V1.GenreUpdate> responseStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            using var subscription = registry.Find(request.StreamId).Subscribe(request.HasFromSequence ? request.FromSequence : null);

            // The headers go out at once: a client then knows that it is subscribed, before the next update comes.
            await context.WriteResponseHeadersAsync([]);
            while (await subscription.ReadAsync(context.CancellationToken) is var (update, missed))
            {
                await responseStream.WriteAsync(WireUpdate.Write(update, missed), context.CancellationToken);
            }

            return true;
        });

    public override Task<V1.ListStreamsResponse> ListStreams(V1.ListStreamsRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListStreamsResponse { Streams = { registry.List().Select(WireUpdate.WriteInfo) } });

    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(WireModel.Write(engine.Contract, engine.ExecutionProvider));

    // Audio in and updates out at once. Whichever fails first is what the caller hears of.
    private async Task RunAsync<TRequest>(
        StreamIntake<TRequest> intake, StreamSession session, ServerCallContext context, Func<GenreUpdate, Task> onUpdate)
    {
        // The headers go out at once: a sender then knows that the stream is open, and that others can find it.
        await context.WriteResponseHeadersAsync([]);
        var pumping = intake.PumpAsync(session, registry.Stopping, context.CancellationToken);
        try
        {
            await foreach (var update in session.ReadUpdatesAsync(context.CancellationToken))
            {
                await onUpdate(update);
            }
        }
        catch
        {
            // The pump's own failure, if it has one, is observed; it ends by the session's end or by the call's.
            await session.DisposeAsync();
            _ = pumping.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        if (!await pumping)
        {
            throw new StreamRefusedException(
                StreamRefusal.ShuttingDown, "The server is shutting down; the audio it had taken is classified. Connect again later or elsewhere.");
        }
    }

    private async Task<T> TranslatedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not RpcException && RpcErrors.Translate(e) is { } status)
        {
            if (status.StatusCode == StatusCode.Internal)
            {
                StreamLog.Failed(log, e);
            }

            throw new RpcException(status);
        }
    }
}

using Grpc.Core;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>streamgenre.v1.GenreStreamService: translates between the wire and <see cref="StreamRegistry"/>.</summary>
[BindServiceMethod(typeof(StreamBinding), nameof(StreamBinding.Bind))]
internal sealed class GenreStreamService(StreamRegistry registry, IGenreEngine engine, StreamDefaults defaults, GenreWatches watches, ILogger<GenreStreamService> log)
    : V1.GenreStreamService.GenreStreamServiceBase
{
    /// <summary>The contract's Classify; see <see cref="StreamBinding"/> for why its requests are not the generated ones.</summary>
    public Task Classify(
        IAsyncStreamReader<StreamMessage> requestStream, IServerStreamWriter<V1.GenreUpdate> responseStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            var intake = new StreamIntake(requestStream);
            var config = await intake.ReadConfigAsync(context.CancellationToken);
            var named = config.StreamId.Length > 0;
            var id = named ? config.StreamId : $"classify-{Guid.NewGuid():N}";
            await using var session = registry.Open(WireSettings.Read(config, id, defaults, engine.Contract.Labels, OverloadPolicy.Block), named);

            // One message for all updates: each is on the wire before the next is written.
            var message = new V1.GenreUpdate();
            await RunAsync(intake, session, context, update => responseStream.WriteAsync(WireUpdate.Write(update, missed: 0, message), context.CancellationToken));
            return true;
        });

    /// <summary>The contract's Publish.</summary>
    public Task<V1.PublishSummary> Publish(IAsyncStreamReader<StreamMessage> requestStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            var intake = new StreamIntake(requestStream);
            var config = await intake.ReadConfigAsync(context.CancellationToken);
            if (config.StreamId.Length == 0)
            {
                throw RpcErrors.Invalid("stream_id is empty; Publish needs one for others to subscribe to (or call Classify without).");
            }

            await using var session = registry.Open(WireSettings.Read(config, config.StreamId, defaults, engine.Contract.Labels, OverloadPolicy.DropOldest), named: true);
            await RunAsync(intake, session, context, static _ => Task.CompletedTask);
            return WireUpdate.WriteSummary(session);
        });

    public override Task Subscribe(V1.SubscribeRequest request, IServerStreamWriter<V1.GenreUpdate> responseStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            using var subscription = registry.Find(request.StreamId).Subscribe(request.HasFromSequence ? request.FromSequence : null);

            // The headers go out at once: a client then knows that it is subscribed, before the next update comes.
            await context.WriteResponseHeadersAsync([]);
            var message = new V1.GenreUpdate();
            while (await subscription.ReadAsync(context.CancellationToken) is var (update, missed))
            {
                await responseStream.WriteAsync(WireUpdate.Write(update, missed, message), context.CancellationToken);
            }

            return true;
        });

    public override Task WatchGenres(V1.WatchGenresRequest request, IServerStreamWriter<V1.GenreChanged> responseStream, ServerCallContext context) =>
        TranslatedAsync(async () =>
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, registry.Stopping);
            var watch = watches.Open(request.StreamId, request.HasAfterChange ? request.AfterChange : null);
            await context.WriteResponseHeadersAsync([]);
            try
            {
                await foreach (var (change, number, missed) in watch.ReadAsync(ending.Token))
                {
                    await responseStream.WriteAsync(WireHistory.Write(change, number, missed), context.CancellationToken);
                }
            }
            catch (OperationCanceledException) when (registry.Stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
            {
                throw new StreamRefusedException(StreamRefusal.ShuttingDown, "The server is shutting down; connect again later or elsewhere.");
            }

            return true;
        });

    public override Task<V1.ListStreamsResponse> ListStreams(V1.ListStreamsRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListStreamsResponse { Streams = { registry.List().Select(WireUpdate.WriteInfo) } });

    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(WireModel.Write(engine.Contract, engine.ExecutionProvider));

    private async Task RunAsync(StreamIntake intake, StreamSession session, ServerCallContext context, Func<GenreUpdate, Task> onUpdate)
    {
        // The headers go out at once: a sender then knows that the stream is open, and that others can find it.
        await context.WriteResponseHeadersAsync([]);
        await session.RunAsync(stop => intake.PumpAsync(session, stop, context.CancellationToken), onUpdate, registry.Stopping, context.CancellationToken);
    }

    private Task<T> TranslatedAsync<T>(Func<Task<T>> call) => RpcErrors.TranslatedAsync(call, log);
}

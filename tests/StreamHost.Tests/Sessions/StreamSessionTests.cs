using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Tests.Sessions;

public sealed class StreamSessionTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task DisposeAsync_ByTwoAtOnceWhileUpdatesAreRead_EndsTheLogOnce()
    {
        var metrics = new StreamMetrics(_services.GetRequiredService<IMeterFactory>());
        for (var round = 0; round < 100; round++)
        {
            var ended = 0;
            await using var stream = new Held();
            var session = new StreamSession(
                stream, named: true, PlainUpdate.Model, new StreamSessionOptions(), metrics, TimeProvider.System, recorder: null, _ => Interlocked.Increment(ref ended));
            var reading = Task.Run(async () =>
            {
                await foreach (var _ in session.ReadUpdatesAsync(default))
                {
                    // Each is in the log by then.
                }
            });
            Task[] giving = [session.DisposeAsync().AsTask(), session.DisposeAsync().AsTask()];
            stream.Release();
            await Task.WhenAll([.. giving, reading]);
            Assert.Equal((1, StreamState.Ended), (ended, session.Log.Newest!.State));
            Assert.Single(session.Log.ToArray(), update => update.State == StreamState.Ended);
        }
    }

    /// <summary>A stream that lets all who give it up go on at one moment, at which it has updates still.</summary>
    private sealed class Held : IGenreStream
    {
        private readonly Channel<GenreUpdate> _updates = Channel.CreateUnbounded<GenreUpdate>();
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string StreamId => "held";

        public GenreStreamOptions Options { get; } = new() { StreamId = "held", Format = new(Stages.Audio.PcmEncoding.S16Le, 22_050, 1) };

        public ChannelReader<GenreUpdate> Updates => _updates.Reader;

        public TimeSpan AudioTime => TimeSpan.Zero;

        public long DroppedWindows => 0;

        public void Release()
        {
            for (var sequence = 1; sequence <= 20; sequence++)
            {
                _updates.Writer.TryWrite(PlainUpdate.Of(StreamId, sequence));
            }

            _updates.Writer.Complete();
            _released.TrySetResult();
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => new(_released.Task);
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using StreamGenre.StreamHost.Client;
using static StreamGenre.V1.GenreStreamService;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>One client: a Classify call that sends chunks of a sound when it is told to and notes when each update came.</summary>
internal sealed class LoadStream : IDisposable
{
    // Chunks between a window's last byte and its update, at the most: a server holds eight windows of a stream and HTTP/2 some seconds' bytes.
    private const int RememberedSends = 1024;

    private readonly AsyncDuplexStreamingCall<V1.ClassifyRequest, V1.GenreUpdate> _call;
    private readonly LoadSound _sound;
    private readonly TimeSpan _chunk;
    private readonly long[]? _sentAt;
    private readonly List<Arrival> _arrivals = [];
    private readonly Task _reading;
    private readonly CancellationTokenSource _giveUp;
    private int _due;
    private long _sent;
    private volatile Task _sending = Task.CompletedTask;

    private LoadStream(GenreStreamServiceClient client, LoadSound sound, LoadTestOptions options, CancellationToken cancellationToken)
    {
        _giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _call = client.Classify(cancellationToken: _giveUp.Token);
        _sound = sound;
        _chunk = options.Chunk;
        _sentAt = options.Speed is null ? new long[RememberedSends] : null;
        _reading = ReadAsync();
    }

    /// <summary>When chunks are to be sent; set before the first one is.</summary>
    public LoadSchedule Schedule { get; set; }

    /// <summary>Updates that came, each with its latency. To be read when the stream has ended.</summary>
    public IReadOnlyList<Arrival> Arrivals => _arrivals;

    /// <summary>Windows that the server says it dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>Why the call failed; null when it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Chunks handed to the call so far.</summary>
    public long SentChunks => Interlocked.Read(ref _sent);

    /// <summary>Opens a call and waits until the server says that the stream is there.</summary>
    public static async Task<LoadStream> OpenAsync(
        GenreStreamServiceClient client, LoadSound sound, LoadTestOptions options, CancellationToken cancellationToken)
    {
        var stream = new LoadStream(client, sound, options, cancellationToken);
        try
        {
            var config = AudioStreamer.Describe(
                options.Format, new V1.StreamConfig { WindowHop = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(options.Hop) });
            config.StreamId = options.Named ? $"loadtest-{Guid.NewGuid():N}" : "";
            await stream._call.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = config }, cancellationToken);
            await stream._call.ResponseHeadersAsync;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Says that the next chunk is due. It goes out now, or as soon as those before it are out. One caller.</summary>
    public void SendNext()
    {
        if (Interlocked.Increment(ref _due) == 1)
        {
            _sending = SendDueAsync();
        }
    }

    /// <summary>Sends chunk after chunk, as fast as the server takes them, until <paramref name="end"/>.</summary>
    public async Task SendUntilAsync(long end)
    {
        while (Stopwatch.GetTimestamp() < end && Failure is null)
        {
            Interlocked.Increment(ref _due);
            _sending = SendDueAsync();
            await _sending;
        }
    }

    /// <summary>Half-closes and waits for the updates still due; after <paramref name="patience"/> the call is given up.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _giveUp.CancelAfter(patience);
        await _sending;
        if (Failure is null)
        {
            await _call.RequestStream.CompleteAsync();
        }

        await _reading;
    }

    public void Dispose()
    {
        _call.Dispose();
        _giveUp.Dispose();
    }

    private async Task SendDueAsync()
    {
        do
        {
            try
            {
                if (Failure is null)
                {
                    var number = _sent;
                    if (_sentAt is { } ring)
                    {
                        Volatile.Write(ref ring[number % ring.Length], Stopwatch.GetTimestamp());
                    }

                    Interlocked.Increment(ref _sent);
                    await _call.RequestStream.WriteAsync(new V1.ClassifyRequest { Audio = _sound.Chunk(number) });
                }
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
            {
                // Whoever reads the responses tells why.
                Failure ??= e.Message;
            }
        }
        while (Interlocked.Decrement(ref _due) > 0);
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var update in _call.ResponseStream.ReadAllAsync(CancellationToken.None))
            {
                var now = Stopwatch.GetTimestamp();
                Dropped = update.DroppedWindows;
                if (update.State != V1.StreamState.Ended)
                {
                    var chunk = LoadSchedule.ChunkOf(update.WindowEnd.ToTimeSpan(), _chunk);
                    var intended = _sentAt is { } ring ? Volatile.Read(ref ring[chunk % ring.Length]) : Schedule.DueAt(chunk);
                    _arrivals.Add(new Arrival(update.WindowEnd.ToTimeSpan(), intended, now));
                }
            }
        }
        catch (RpcException e)
        {
            Failure = e.Status.Detail;
        }
    }

    /// <summary>An update: the audio time of its window's end, when the last byte was to be sent, and when it came; <see cref="Stopwatch"/> timestamps.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Arrival(TimeSpan WindowEnd, long Intended, long Received)
    {
        /// <summary>From the one to the other.</summary>
        public TimeSpan Latency => Stopwatch.GetElapsedTime(Intended, Received);
    }
}

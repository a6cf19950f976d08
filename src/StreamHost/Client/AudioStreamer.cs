using Google.Protobuf;
using Grpc.Core;
using StreamGenre.AudioFiles;
using static StreamGenre.V1.GenreStreamService;

namespace StreamGenre.StreamHost.Client;

/// <summary>Sends audio through gRPC at a speed, and hands on what comes back.</summary>
/// <param name="client">The server.</param>
/// <param name="time">The clock.</param>
internal sealed class AudioStreamer(GenreStreamServiceClient client, TimeProvider time)
{
    // At full speed: big enough that a message's fixed cost is small beside its audio's, small enough to stay in the CPU's second-level cache.
    private const int FullSpeedBytes = 64 * 1024;

    // At a pace: ten messages a second, as live senders do.
    private static readonly TimeSpan PacedChunk = TimeSpan.FromMilliseconds(100);

    /// <summary>Classifies a source from beginning to end.</summary>
    /// <param name="name">Its name, for the result.</param>
    /// <param name="source">The audio.</param>
    /// <param name="settings">Stream settings; the audio's format is filled in.</param>
    /// <param name="speed">Seconds of audio a second; null for as fast as it goes.</param>
    /// <param name="onUpdate">Gets every update.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ReplayResult> ClassifyAsync(
        string name, IAudioSource source, V1.StreamConfig settings, double? speed, Action<V1.GenreUpdate> onUpdate, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = client.Classify(cancellationToken: giveUp.Token);
        var config = Describe(source.Format, settings);
        var sending = SendAsync();
        V1.GenreUpdate? last = null;
        try
        {
            await foreach (var update in call.ResponseStream.ReadAllAsync(giveUp.Token))
            {
                last = update;
                onUpdate(update);
            }
        }
        catch (Exception) when (sending.IsFaulted && sending.Exception.InnerException is AudioSourceException)
        {
            // The audio broke off, which is why the call was given up.
            await sending;
        }

        var sent = await sending;
        var top = last?.RollingScores.MaxBy(score => score.Score);
        return new ReplayResult(name, top?.Genre ?? "", top?.Score ?? 0, source.Format.DurationOf(sent), time.GetElapsedTime(start), last?.DroppedWindows ?? 0);

        async Task<long> SendAsync()
        {
            try
            {
                await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = config }, giveUp.Token);
                var bytes = await SendAudioAsync(
                    source, new AudioPacer(speed, TimeSpan.Zero, time), paced: speed is not null, alreadySent: 0,
                    audio => call.RequestStream.WriteAsync(new V1.ClassifyRequest { Audio = audio }, giveUp.Token), giveUp.Token);
                await call.RequestStream.CompleteAsync();
                return bytes;
            }
            catch (AudioSourceException)
            {
                await giveUp.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>Fills a source's format into stream settings.</summary>
    public static V1.StreamConfig Describe(SourceFormat format, V1.StreamConfig settings)
    {
        var config = settings.Clone();
        config.Encoding = format.Encoding switch
        {
            SampleEncoding.S16Le => V1.AudioEncoding.PcmS16Le,
            SampleEncoding.F32Le => V1.AudioEncoding.PcmF32Le,
            _ => V1.AudioEncoding.Mulaw,
        };
        config.SampleRateHz = format.SampleRateHz;
        config.Channels = format.Channels;
        return config;
    }

    /// <summary>Sends a source's audio; returns the bytes sent. The buffer is reused: a write ends when its bytes are out.</summary>
    public static async Task<long> SendAudioAsync(
        IAudioSource source, AudioPacer pacer, bool paced, long alreadySent, Func<ByteString, Task> write, CancellationToken cancellationToken)
    {
        var format = source.Format;
        var frames = paced ? (int)(format.SampleRateHz * PacedChunk.TotalSeconds) : Math.Max(1, FullSpeedBytes / format.FrameBytes);
        var buffer = new byte[frames * format.FrameBytes];
        var sent = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            await pacer.WaitAsync(format.DurationOf(alreadySent + sent + read), cancellationToken);
            await write(UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)));
            sent += read;
        }

        return sent;
    }
}

using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.Commands;

namespace StreamGenre.StreamHost.Microphones;

/// <summary>What a microphone hears, through an <c>ffmpeg</c> child, until it is disposed of or has been heard for as long as was asked for.</summary>
internal sealed class MicrophoneSource : IAudioSource
{
    // As most sound cards record; the server brings it to its model's rate.
    private const int SampleRateHz = 44_100;
    private const int BytesPerSample = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FfmpegProcess _ffmpeg;
    private readonly byte[] _first;
    private int _firstBytes;
    private long _left;

    private MicrophoneSource(FfmpegProcess ffmpeg, byte[] first, int firstBytes, long bytes)
    {
        _ffmpeg = ffmpeg;
        _first = first;
        _firstBytes = firstBytes;
        _left = bytes;
    }

    public SourceFormat Format { get; } = new(SampleEncoding.S16Le, SampleRateHz, 1);

    /// <summary>The microphones that the system tells of.</summary>
    /// <exception cref="AudioSourceException">There is no FFmpeg.</exception>
    public static async Task<IReadOnlyList<Microphone>> ListAsync(MicrophoneSystem system, string ffmpeg, CancellationToken cancellationToken)
    {
        var found = new List<Microphone>();
        foreach (var arguments in system.ListArguments)
        {
            // Linux's lists come on standard output, the others' on standard error.
            var lines = new List<string>();
            await using var process = FfmpegProcess.Start(ffmpeg, arguments, guarded: true, line => lines.Add(line.Text));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                using var output = new StreamReader(process.Output);
                var text = await output.ReadToEndAsync(patience.Token);
                await process.EndAsync(patience.Token);
                found.AddRange(system.ParseList([.. text.Split('\n').Select(line => line.TrimEnd()), .. lines]));
                if (found.Count > 0)
                {
                    // The sound server has what the layer under it has, under better names.
                    break;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A sound server that hangs has no microphones to offer.
            }
        }

        return found;
    }

    /// <summary>Opens a microphone, and waits until it is heard.</summary>
    /// <param name="system">How the machine's microphones are reached.</param>
    /// <param name="device">Which; null for the default one.</param>
    /// <param name="ffmpeg">The program, by name or path.</param>
    /// <param name="length">How much of it is heard, a second or more; null for no end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">There is no FFmpeg.</exception>
    /// <exception cref="CommandFailedException">There is no such microphone, or it can't be heard.</exception>
    public static async Task<MicrophoneSource> OpenAsync(MicrophoneSystem system, string? device, string ffmpeg, TimeSpan? length, CancellationToken cancellationToken)
    {
        var bytes = length is { } end ? BytesPerSample * (long)(end.TotalSeconds * SampleRateHz) : long.MaxValue;
        var known = device is null && !system.HasDefault ? await ListAsync(system, ffmpeg, cancellationToken) : [];
        var errors = new List<string>();
        foreach (var input in system.Arguments(device, known))
        {
            var process = FfmpegProcess.Start(
                ffmpeg, [.. input, "-map", "0:a:0", "-ac", "1", "-ar", SampleRateHz.ToString(), "-c:a", "pcm_s16le", "-f", "s16le", "-flush_packets", "1", "pipe:1"], guarded: true);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                var first = new byte[4096];
                var read = await process.Output.ReadAsync(first, patience.Token);
                if (read > 0)
                {
                    return new MicrophoneSource(process, first, read, bytes);
                }

                errors.Add($"{input[1]}: {await process.EndAsync(patience.Token) ?? "it ended at once"}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                errors.Add($"{input[1]}: nothing is heard within {Patience.TotalSeconds:0} s");
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }

            await process.DisposeAsync();
        }

        throw new CommandFailedException(
            $"{(device is null ? "no microphone can be heard" : $"microphone '{device}' can't be heard")} ({(errors.Count == 0 ? "the system has none" : string.Join("; ", errors))}); 'mic --list' shows those there are.");
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, _left)];
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var held = _firstBytes;
        if (held > 0)
        {
            _first.AsSpan(0, held).CopyTo(buffer.Span);
            _firstBytes = 0;
        }

        // Whole samples; a read waits for what is being heard, never for a full buffer.
        while (held == 0 || held % BytesPerSample != 0)
        {
            var read = await _ffmpeg.Output.ReadAsync(buffer[held..], cancellationToken);
            if (read == 0)
            {
                throw new AudioSourceException($"the microphone is gone: {await _ffmpeg.EndAsync(cancellationToken) ?? "ffmpeg ended"}");
            }

            held += read;
        }

        _left -= held;
        return held;
    }

    public ValueTask DisposeAsync() => _ffmpeg.DisposeAsync();
}

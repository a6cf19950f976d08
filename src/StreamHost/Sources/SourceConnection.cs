using StreamGenre.AudioFiles;

namespace StreamGenre.StreamHost.Sources;

/// <summary>One connection of a source: an FFmpeg child from its start to its end, and the watchdogs over it.</summary>
internal sealed class SourceConnection
{
    /// <summary>How often the watchdogs look while nothing comes, and how finely silence is dealt out.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly SourceInput _input;
    private readonly SourcesOptions _settings;
    private readonly SourceStream _stream;
    private readonly TimeProvider _time;
    private readonly Action<SourceState> _onState;
    private readonly SourceWatch _watch;

    /// <summary>Begins nothing yet.</summary>
    /// <param name="input">What to open.</param>
    /// <param name="settings">The program and the limits.</param>
    /// <param name="stream">Who hears it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onState">Gets the state whenever it may have changed.</param>
    public SourceConnection(SourceInput input, SourcesOptions settings, SourceStream stream, TimeProvider time, Action<SourceState> onState)
    {
        _input = input;
        _settings = settings;
        _stream = stream;
        _time = time;
        _onState = onState;
        _watch = new SourceWatch(settings.Supervision, stream.Now);
    }

    /// <summary>Whether it brought audio for long enough to count as a success.</summary>
    public bool IsStable => _watch.IsStable;

    /// <summary>Listens until the connection ends or is ended; gives the reason, in words.</summary>
    /// <exception cref="OperationCanceledException">The source is to end.</exception>
    public async Task<string> ListenAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            .. _input.Arguments, "-map", "0:a:0", "-ac", "1", "-ar", _stream.SampleRateHz.ToString(), "-c:a", "pcm_s16le", "-f", "s16le",

            // Every packet at once: a title or a silence is not to wait for a full buffer.
            "-flush_packets", "1", "pipe:1",
        ];
        FfmpegProcess ffmpeg;
        try
        {
            ffmpeg = FfmpegProcess.Start(_settings.Ffmpeg, arguments, guarded: true, OnLine);
        }
        catch (AudioSourceException e)
        {
            return e.Message;
        }

        await using (ffmpeg)
        {
            var reason = await HearAsync(ffmpeg, cancellationToken);
            return SourceInput.Redact(Shorten(reason ?? await ffmpeg.EndAsync(cancellationToken) ?? "the source ended"));
        }
    }

    // Null when FFmpeg ended by itself.
    private async Task<string?> HearAsync(FfmpegProcess ffmpeg, CancellationToken cancellationToken)
    {
        // A quarter of a second: FFmpeg brings some 25 ms at a time when it is live.
        var buffer = new byte[_stream.SampleRateHz / 2];
        var held = 0;
        var reading = ReadAsync();
        try
        {
            while (true)
            {
                if (!reading.IsCompleted)
                {
                    await reading.WaitAsync(Tick, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (reading.IsCompleted)
                {
                    var read = await (Task<int>)reading;
                    if (read == 0)
                    {
                        return null;
                    }

                    // A read may end inside a sample, which is held for the next.
                    var whole = (held + read) & ~1;
                    _watch.Hear(_stream.Now, SourceStream.IsSilent(buffer.AsSpan(0, whole)));
                    _onState(_watch.State);
                    await _stream.HearAsync(buffer.AsMemory(0, whole), cancellationToken);
                    buffer[0] = buffer[held + read - 1];
                    held = held + read - whole;
                    reading = ReadAsync();
                }

                var reason = _watch.Check(_stream.Now);
                _onState(_watch.State);
                if (reason is not null)
                {
                    return reason;
                }

                if (_watch.State is SourceState.Connecting or SourceState.Stalled)
                {
                    await _stream.CatchUpAsync();
                }
            }
        }
        finally
        {
            // The read ends with the child; until then the buffer is its.
            if (!reading.IsCompleted)
            {
                await ffmpeg.DisposeAsync();
            }

            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task ReadAsync() => ReadOrEndAsync(ffmpeg.Output, buffer.AsMemory(held));
    }

    private static async Task<int> ReadOrEndAsync(Stream output, Memory<byte> buffer)
    {
        try
        {
            return await output.ReadAsync(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private void OnLine(FfmpegLine line)
    {
        if (line.StreamTitle is { } title)
        {
            _stream.Title = title;
        }
    }

    // FFmpeg puts the URL in front of most errors; who reads this knows which source it is.
    private string Shorten(string reason) => reason.Replace(_input.Opened + ": ", "", StringComparison.Ordinal);
}

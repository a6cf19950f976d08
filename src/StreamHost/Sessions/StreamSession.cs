using System.Runtime.CompilerServices;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Spectrograms;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>
/// One stream and those who follow it. Its owner writes audio and reads <see cref="ReadUpdatesAsync"/>; every update passes into the log before
/// the owner gets it, so subscribers are served by the same read and no task or queue of their own lies between.
/// </summary>
internal sealed class StreamSession : IAsyncDisposable
{
    private readonly IGenreStream _stream;
    private readonly NumberedLog<GenreUpdate> _log;
    private readonly StreamSessionOptions _options;
    private readonly StreamMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Action<StreamSession> _ended;
    private readonly Lock _telling = new();
    private string _streamTitle = "";
    private long _classified;
    private bool _isEnded;
    private int _subscribers;

    public StreamSession(
        IGenreStream stream,
        bool named,
        Stages.Contract.ModelContract model,
        StreamSessionOptions options,
        StreamMetrics metrics,
        TimeProvider time,
        StreamRecorder? recorder,
        Action<StreamSession> ended)
    {
        _stream = stream;
        Model = model;
        _options = options;
        _metrics = metrics;
        _time = time;
        Recorder = recorder;
        _ended = ended;
        Spectrogram = new StreamSpectrogram(model, stream.Options.Format);

        // Nobody but its owner can find a stream without a name, and the owner reads each update as it comes.
        _log = new NumberedLog<GenreUpdate>(named ? options.HistoryUpdates : 1);
    }

    /// <summary>The stream's id.</summary>
    public string Id => _stream.StreamId;

    /// <summary>What people call it; empty for its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>What is playing, as the source itself says; empty when it does not. It goes into every update that is read from now on.</summary>
    public string StreamTitle
    {
        get => Volatile.Read(ref _streamTitle);
        set => Volatile.Write(ref _streamTitle, value);
    }

    /// <summary>The stream's settings.</summary>
    public GenreStreamOptions Settings => _stream.Options;

    /// <summary>The model that scores it.</summary>
    public Stages.Contract.ModelContract Model { get; }

    /// <summary>Audio received so far.</summary>
    public TimeSpan AudioTime => _stream.AudioTime;

    /// <summary>Windows dropped under overload so far.</summary>
    public long DroppedWindows => _stream.DroppedWindows;

    /// <summary>Windows classified so far, of those whose updates have been read.</summary>
    public long ClassifiedWindows => Volatile.Read(ref _classified);

    /// <summary>Its updates so far.</summary>
    public NumberedLog<GenreUpdate> Log => _log;

    /// <summary>Its spectrogram, for those who look.</summary>
    public StreamSpectrogram Spectrogram { get; }

    /// <summary>What records it for the history; null for a stream without a name.</summary>
    public StreamRecorder? Recorder { get; }

    /// <summary>Subscribers at this moment.</summary>
    public int Subscribers => Volatile.Read(ref _subscribers);

    /// <summary>Whether it is over.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>Takes audio; see <see cref="IGenreStream.WriteAsync"/>.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        Spectrogram.Push(audio.Span);
        return _stream.WriteAsync(audio, cancellationToken);
    }

    /// <summary>Ends the audio and flushes; see <see cref="IGenreStream.CompleteAsync"/>.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _stream.CompleteAsync(cancellationToken);

    /// <summary>
    /// The updates, for the owner, each once; the last is ENDED unless the session was disposed of before. Subscribers get an update when the
    /// owner reads it: an owner under <see cref="OverloadPolicy.Block"/> that stops reading stops its own stream.
    /// </summary>
    public async IAsyncEnumerable<GenreUpdate> ReadUpdatesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var heard in _stream.Updates.ReadAllAsync(cancellationToken))
        {
            var update = StreamTitle is { Length: > 0 } title ? heard with { StreamTitle = title } : heard;
            if (!TryTell(update))
            {
                yield break;
            }

            Volatile.Write(ref _classified, _classified + (update.WindowScores.IsEmpty ? 0 : 1));
            _metrics.RecordUpdate(update);
            yield return update;
        }
    }

    /// <summary>Reads the updates to their end for an owner who wants none of them: subscribers, history and metrics get them as they pass.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await foreach (var unused in ReadUpdatesAsync(cancellationToken))
        {
            // Read, and with that told.
        }
    }

    /// <summary>Starts to follow the stream. An ended stream followed from now on gives its last update, so that its end is seen.</summary>
    /// <param name="fromSequence">First update wanted, at most one more than the newest; null for from now on.</param>
    /// <exception cref="StreamRefusedException">The number is no sequence number, or has not been reached yet.</exception>
    public Subscription Subscribe(long? fromSequence)
    {
        var last = _log.Last;
        if (fromSequence is < 1)
        {
            throw new StreamRefusedException(StreamRefusal.Invalid, $"Update {fromSequence} is asked for; the first update is 1. Ask for none to start from now.");
        }

        if (fromSequence > last + 1)
        {
            throw new StreamRefusedException(
                StreamRefusal.NotReachedYet,
                $"Update {fromSequence} is asked for, but stream '{Id}' has reached {last}. Ask for {last + 1} at most, or for none to start from now.");
        }

        Interlocked.Increment(ref _subscribers);
        var next = fromSequence ?? (IsEnded ? Math.Max(1, last) : last + 1);
        return new Subscription(_log, next, _options.SubscriberBacklog, () => Interlocked.Decrement(ref _subscribers));
    }

    /// <summary>Ends the stream if it has not ended: what is in flight is given up, and subscribers see an ENDED update all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        TryTell(null);
    }

    // An update, or the last one of a stream that is given up; false after the last. Whoever reads the updates may do so while another gives the stream up,
    // or two may give it up at once: nothing follows an ENDED update all the same.
    private bool TryTell(GenreUpdate? heard)
    {
        lock (_telling)
        {
            if (_isEnded)
            {
                return false;
            }

            var update = heard ?? Last();
            _log.Append(update);
            Recorder?.Record(update);
            if (update.State != StreamState.Ended)
            {
                return true;
            }

            Volatile.Write(ref _isEnded, true);
        }

        _log.Complete();
        Spectrogram.Complete();
        _ended(this);
        return true;
    }

    private GenreUpdate Last()
    {
        var end = AudioTime;
        var newest = _log.Newest;
        return new GenreUpdate
        {
            StreamId = Id,
            Sequence = _log.Last + 1,
            WindowStart = end,
            WindowEnd = end,
            RollingScores = newest?.RollingScores ?? default,
            TopGenre = newest?.TopGenre ?? "",
            Confidence = newest?.Confidence ?? 0,
            Entropy = newest?.Entropy ?? 1,
            AnnouncedGenre = newest?.AnnouncedGenre ?? "",
            Time = _time.GetUtcNow(),
            State = StreamState.Ended,
            SmoothedDuration = newest?.SmoothedDuration ?? TimeSpan.Zero,
            DroppedWindows = DroppedWindows,
            ProcessingLatency = TimeSpan.Zero,
            Model = Model,
        };
    }
}

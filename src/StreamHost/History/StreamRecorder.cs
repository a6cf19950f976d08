using System.Numerics.Tensors;
using StreamGenre.Stages;

namespace StreamGenre.StreamHost.History;

/// <summary>
/// Listens to one stream's updates and gives the history its changes and minutes. It allocates nothing until a change or a minute is over. One thread
/// brings updates at a time; any may look at the running minute.
/// </summary>
internal sealed class StreamRecorder
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly string _instance;
    private readonly string _streamId;
    private readonly IReadOnlyList<string> _labels;
    private readonly Action<GenreChange> _onChange;
    private readonly Action<MinuteSummary> _onMinute;
    private readonly Action _onEnd;
    private readonly Guid _run = Guid.CreateVersion7();
    private readonly float[] _seconds;
    private readonly float[] _scores;
    private DateTimeOffset _minute;
    private TimeSpan _audio;
    private TimeSpan _silent;
    private TimeSpan _end;
    private long _updates;
    private long _droppedBefore;
    private long _dropped;
    private int _rows;
    private volatile bool _isOver;

    /// <summary>Begins a run.</summary>
    /// <param name="instance">This server's name.</param>
    /// <param name="streamId">The stream's id.</param>
    /// <param name="labels">The model's genres.</param>
    /// <param name="onChange">Takes a change; must not wait.</param>
    /// <param name="onMinute">Takes a minute that is over; must not wait.</param>
    /// <param name="onEnd">Hears that the stream is over, when all else has been taken.</param>
    public StreamRecorder(
        string instance, string streamId, IReadOnlyList<string> labels, Action<GenreChange> onChange, Action<MinuteSummary> onMinute, Action onEnd)
    {
        _instance = instance;
        _streamId = streamId;
        _labels = labels;
        _onChange = onChange;
        _onMinute = onMinute;
        _onEnd = onEnd;
        _seconds = new float[labels.Count];
        _scores = new float[labels.Count];
    }

    /// <summary>Takes in the stream's next update; what comes after the ENDED one is not taken.</summary>
    public void Record(GenreUpdate update)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            var minute = update.Time.AddTicks(-(update.Time.UtcTicks % Minute.Ticks));
            if (minute != _minute)
            {
                EndMinute();
                _minute = minute;
            }

            Count(update);
            if (update.AnnouncedBefore is { } before)
            {
                _onChange(Change(update, before, update.AnnouncedGenre));
            }

            if (update.State == StreamState.Ended)
            {
                if (update.AnnouncedGenre.Length > 0)
                {
                    _onChange(Change(update, update.AnnouncedGenre, to: ""));
                }

                EndMinute();
                _isOver = true;
                _onEnd();
            }
        }
    }

    /// <summary>Whether the stream is over and all its rows have been handed on.</summary>
    public bool IsOver => _isOver;

    /// <summary>The minute that is running; null when there is nothing in it.</summary>
    public MinuteSummary? Running()
    {
        lock (_gate)
        {
            return _updates == 0 ? null : Summary(number: 0);
        }
    }

    // The audio since the update before belongs to what this one announces.
    private void Count(GenreUpdate update)
    {
        var audio = update.WindowEnd - _end;
        _end = update.WindowEnd;
        _audio += audio;
        _dropped += update.DroppedWindows - _droppedBefore;
        _droppedBefore = update.DroppedWindows;
        if (update.State == StreamState.Silent)
        {
            _silent += audio;
        }
        else if (update.AnnouncedGenre.Length > 0)
        {
            _seconds[IndexOf(update.AnnouncedGenre)] += (float)audio.TotalSeconds;
        }

        // The last update brings no window: its scores are the one's before.
        if (update.State != StreamState.Ended)
        {
            _updates++;
            if (!update.RollingScores.IsEmpty)
            {
                TensorPrimitives.Add(_scores, update.RollingScores.Span, _scores);
            }
        }
    }

    private int IndexOf(string genre)
    {
        for (var i = 0; i < _labels.Count; i++)
        {
            if (string.Equals(_labels[i], genre, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new ArgumentException($"'{genre}' is not among the model's genres.", nameof(genre));
    }

    private void EndMinute()
    {
        if (_updates > 0)
        {
            _onMinute(Summary(++_rows));
        }

        Array.Clear(_seconds);
        Array.Clear(_scores);
        (_audio, _silent, _updates, _dropped) = (default, default, 0, 0);
    }

    private MinuteSummary Summary(int number)
    {
        var scores = new float[_scores.Length];
        TensorPrimitives.Divide(_scores, _updates, scores);
        return new MinuteSummary
        {
            Run = _run,
            Number = number,
            Instance = _instance,
            StreamId = _streamId,
            Start = _minute,
            Labels = _labels,
            Seconds = [.. _seconds],
            Scores = scores,
            AudioSeconds = _audio.TotalSeconds,
            SilentSeconds = _silent.TotalSeconds,
            DroppedWindows = _dropped,
        };
    }

    private GenreChange Change(GenreUpdate update, string from, string to) => new()
    {
        Run = _run,
        Number = ++_rows,
        Instance = _instance,
        StreamId = _streamId,
        Time = update.Time,
        AudioTime = update.WindowEnd,
        From = from,
        To = to,
        Confidence = update.Confidence,
        State = update.State,
        Title = update.StreamTitle,
        Sequence = update.Sequence,
    };
}

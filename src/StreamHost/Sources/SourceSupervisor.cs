using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Sources;

/// <summary>Keeps one source listened to, from when it is added to when it is removed: connects, watches, waits, and connects again.</summary>
internal sealed class SourceSupervisor : IAsyncDisposable
{
    // Ctrl+C in a terminal reaches FFmpeg too, at times before it has reached us: its end is then no failure.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly SourcesOptions _settings;
    private readonly SourceInput _input;
    private readonly SourceStream _stream;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RetryPolicy _retry;
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly Task _running;
    private SourceStatus _status;
    private SourceState? _logged;

    /// <summary>Starts to listen.</summary>
    /// <param name="options">The source, its id filled in.</param>
    /// <param name="isConfigured">Whether the settings name it.</param>
    /// <param name="settings">The program and the limits.</param>
    /// <param name="session">Its stream, just opened, which this object ends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets one line for every change that matters.</param>
    /// <param name="stopping">Ends it.</param>
    public SourceSupervisor(
        SourceOptions options, bool isConfigured, SourcesOptions settings, StreamSession session, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        _settings = settings;
        _input = SourceInput.Parse(options.Url);
        _stream = new SourceStream(session, settings.Supervision.MaxLead, time);
        _time = time;
        _log = log;
        _retry = new RetryPolicy(settings.Supervision, Random.Shared);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _status = new SourceStatus
        {
            Options = options, ShownUrl = _input.Shown, IsConfigured = isConfigured, State = SourceState.Connecting, Since = time.GetUtcNow(),
        };
        SourceLog.Added(log, options.Id, _input.Shown);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Where it stands.</summary>
    public SourceStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with { StreamTitle = _stream.Title };
            }
        }
    }

    /// <summary>Ends the connection and the stream, whose subscribers see its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await ListenAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await EndStreamAsync();
        }
        catch (Exception e)
        {
            // Its stream is over (the model failed, say): this one can only be added anew.
            SourceLog.Broken(_log, _status.Options.Id, e);
            Enter(SourceState.Failed, status => status with
            {
                LastError = $"{e.Message} Its stream has ended; remove the source and add it again.", LastErrorAt = _time.GetUtcNow(), NextTry = null,
            });
        }
        finally
        {
            await _stream.DisposeAsync();
        }
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            Enter(SourceState.Connecting, static status => status with { NextTry = null });
            var connection = new SourceConnection(_input, _settings, _stream, _time, OnState);
            var reason = await connection.ListenAsync(_stop.Token);
            await Task.Delay(Grace, _time, _stop.Token);
            _stream.Title = "";

            var wait = _retry.Fail(connection.IsStable);
            Enter(_retry.IsOpen ? SourceState.Failed : SourceState.BackingOff, status => status with
            {
                LastError = reason, LastErrorAt = _time.GetUtcNow(), Failures = _retry.Failures, NextTry = _time.GetUtcNow() + wait,
            });
            await RestAsync(wait);
        }
    }

    private async Task RestAsync(TimeSpan wait)
    {
        for (var end = _stream.Now + wait; end - _stream.Now is var left && left > TimeSpan.Zero;)
        {
            await _stream.CatchUpAsync();
            await Task.Delay(left < SourceConnection.Tick ? left : SourceConnection.Tick, _time, _stop.Token);
        }
    }

    private async Task EndStreamAsync()
    {
        try
        {
            await _stream.CompleteAsync();
        }
        catch (Exception e)
        {
            SourceLog.Broken(_log, _status.Options.Id, e);
        }
    }

    private void OnState(SourceState state)
    {
        if (state != _status.State)
        {
            Enter(state, static status => status);
        }
    }

    // On the supervisor's task alone; the lock is for those who look.
    private void Enter(SourceState state, Func<SourceStatus, SourceStatus> change)
    {
        SourceStatus status;
        lock (_gate)
        {
            var first = _status.State == SourceState.Connecting && state is SourceState.Live or SourceState.Silent;
            status = change(_status);
            status = status with
            {
                State = state,
                Since = state == _status.State ? status.Since : _time.GetUtcNow(),
                Connections = status.Connections + (first ? 1 : 0),
            };
            _status = status;
        }

        Tell(status);
    }

    // One line for a change and none for a retry: between being lost and being live again nothing is said, but that it is given up for a while.
    private void Tell(SourceStatus status)
    {
        var id = status.Options.Id;
        if (status.State == SourceState.Connecting || status.State == _logged || (status.State == SourceState.BackingOff && _logged == SourceState.Failed))
        {
            return;
        }

        _logged = status.State;
        switch (status.State)
        {
            case SourceState.Live:
                SourceLog.Live(_log, id);
                break;
            case SourceState.Silent:
                SourceLog.Silent(_log, id, _settings.Supervision.SilentAfter.TotalSeconds);
                break;
            case SourceState.Stalled:
                SourceLog.Stalled(_log, id, _settings.Supervision.StalledAfter.TotalSeconds);
                break;
            case SourceState.BackingOff:
                SourceLog.Lost(_log, id, status.LastError);
                break;
            default:
                SourceLog.Failed(_log, id, status.Failures, status.LastError);
                break;
        }
    }
}

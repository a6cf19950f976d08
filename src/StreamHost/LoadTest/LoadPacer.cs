using System.Diagnostics;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>
/// Tells every stream when its next chunk is due, from one thread of its own: thousands of timers would be late by more than what is measured,
/// and cost more than the sending.
/// </summary>
internal sealed class LoadPacer
{
    private readonly LoadStream[] _streams;
    private readonly List<TimeSpan> _lags = [];

    /// <summary>A pacer of streams whose schedules have the same pace.</summary>
    public LoadPacer(IEnumerable<LoadStream> streams) => _streams = [.. streams.OrderBy(stream => stream.Schedule.Start)];

    /// <summary>How late each round of chunks was handed on, at its worst; for telling a slow server from a slow sender.</summary>
    public IReadOnlyList<TimeSpan> Lags => _lags;

    /// <summary>Runs until <paramref name="end"/>, a <see cref="Stopwatch"/> timestamp.</summary>
    public Task RunAsync(long end, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(end, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(long end, CancellationToken cancellationToken)
    {
        var told = new long[_streams.Length];
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = Math.Min(Stopwatch.GetTimestamp(), end);
            var lag = 0L;
            for (var i = 0; i < _streams.Length; i++)
            {
                var schedule = _streams[i].Schedule;
                for (var due = schedule.DueBy(now); told[i] < due; told[i]++)
                {
                    lag = Math.Max(lag, now - schedule.DueAt(told[i]));
                    _streams[i].SendNext();
                }
            }

            if (lag > 0)
            {
                _lags.Add(TimeSpan.FromSeconds((double)lag / Stopwatch.Frequency));
            }

            if (now >= end)
            {
                return;
            }

            Thread.Sleep(1);
        }
    }
}

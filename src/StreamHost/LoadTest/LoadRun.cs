using System.Diagnostics;
using StreamGenre.StreamHost.Diagnostics;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>
/// One measurement: opens the streams, lets them begin one after another, and when all are running takes the server's figures at the beginning and
/// at the end of the measured time. Latencies are those of the windows whose last byte was to be sent within it.
/// </summary>
internal sealed class LoadRun(LoadTarget target, LoadTestOptions options)
{
    // Opening is work for the server too: so many a second are let in, to begin with a server that is not behind already.
    private const int StartsPerSecond = 400;

    // Calls opened at a time: a connection's handshake waits for the network most of its time.
    private const int OpeningsAtOnce = 16;

    /// <summary>Measures.</summary>
    /// <param name="window">Audio in a window of the server's model.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LoadResult> RunAsync(TimeSpan window, CancellationToken cancellationToken)
    {
        var idle = await target.IdleAsync(cancellationToken);
        var streams = await OpenAsync(cancellationToken);
        try
        {
            // Starts are spread at random, seeded: windows of different clients fall due at different times, and the same ones in every run.
            var random = new Random(2);
            var ramp = options.Hop * Math.Max(1, (int)Math.Ceiling(options.Streams / (StartsPerSecond * options.Hop.TotalSeconds)));
            var first = Stopwatch.GetTimestamp();
            var lead = (int)Math.Max(0, Math.Floor((window - options.Hop) / options.Chunk));
            foreach (var stream in streams)
            {
                stream.Schedule = new LoadSchedule(first + Ticks(ramp * random.NextDouble()), lead, Ticks(options.Chunk / (options.Speed ?? 1)));
            }

            var begin = first + Ticks(ramp * 2);
            var end = begin + Ticks(options.Duration);
            var pacer = new LoadPacer(options.Speed is null ? [] : streams);
            var sending = options.Speed is null
                ? Task.WhenAll(streams.Select(stream => Task.Run(() => stream.SendUntilAsync(end), cancellationToken)))
                : pacer.RunAsync(end, cancellationToken);

            await WaitUntilAsync(begin, cancellationToken);
            var before = await target.StatisticsAsync(cancellationToken);
            var cpuBefore = Environment.CpuUsage.TotalTime;
            var snapshots = new List<(long At, ServerStatistics Server)> { (begin, before) };
            for (var at = begin + Ticks(options.Part ?? options.Duration); at < end; at += Ticks(options.Part!.Value))
            {
                await WaitUntilAsync(at, cancellationToken);
                snapshots.Add((at, await target.StatisticsAsync(cancellationToken)));
            }

            await WaitUntilAsync(end, cancellationToken);
            var after = await target.StatisticsAsync(cancellationToken);
            snapshots.Add((end, after));
            var cpuAfter = Environment.CpuUsage.TotalTime;
            await sending;
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(streams.Select(stream => stream.EndAsync(options.Patience)));

            var failures = streams.Where(stream => stream.Failure is not null).ToList();
            var arrivals = streams.SelectMany(stream => Whole(stream, window)).Where(a => a.Intended >= begin && a.Intended < end).ToList();
            var lost = options.Speed is null ? [] : streams.SelectMany(stream => Lost(stream, window, begin, end)).ToList();
            return new LoadResult
            {
                Streams = options.Streams,
                Seconds = options.Duration.TotalSeconds,
                Speed = options.Speed,
                LatencyMs = Percentiles.Of(arrivals.Select(arrival => arrival.Latency).Concat(lost)),
                SendLagMs = Percentiles.Of(pacer.Lags),
                Dropped = streams.Sum(stream => stream.Dropped),
                Lost = lost.Count,
                FailedStreams = failures.Count,
                Failure = failures.FirstOrDefault()?.Failure,
                Server = ServerCost.Between(idle, before, after, options.Streams, options.Hop),
                Parts = snapshots.Count == 2 ? [] : [.. snapshots.Zip(snapshots.Skip(1), (from, to) => new LoadPart(
                    Math.Round(Stopwatch.GetElapsedTime(begin, from.At).TotalSeconds),
                    Percentiles.Of(arrivals.Where(arrival => arrival.Intended >= from.At && arrival.Intended < to.At).Select(arrival => arrival.Latency)),
                    ServerCost.Between(idle, from.Server, to.Server, options.Streams, options.Hop)))],
                GeneratorCpuSeconds = (cpuAfter - cpuBefore).TotalSeconds,
            };
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
            target.Disconnect();
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static async Task WaitUntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        var left = TimeSpan.FromSeconds((double)(timestamp - Stopwatch.GetTimestamp()) / Stopwatch.Frequency);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellationToken);
        }
    }

    private async Task<List<LoadStream>> OpenAsync(CancellationToken cancellationToken)
    {
        var sound = LoadSound.Create(options.Format, options.ChunkFrames);
        var clients = Enumerable.Range(0, (options.Streams + options.StreamsPerConnection - 1) / options.StreamsPerConnection).Select(_ => target.Connect()).ToList();
        var streams = new LoadStream?[options.Streams];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = OpeningsAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, options.Streams, parallel, async (i, _) =>
                streams[i] = await LoadStream.OpenAsync(clients[i / options.StreamsPerConnection], sound.From(i), options, cancellationToken));
            return [.. streams.OfType<LoadStream>()];
        }
        catch
        {
            foreach (var stream in streams.OfType<LoadStream>())
            {
                stream.Dispose();
            }

            target.Disconnect();
            throw;
        }
    }

    /// <summary>
    /// The updates of whole windows. The last one, cut by the stream's end, is made when the stream is ended, which all are at once: that is no moment of
    /// a running server.
    /// </summary>
    private IEnumerable<LoadStream.Arrival> Whole(LoadStream stream, TimeSpan window) =>
        stream.Arrivals.Where((arrival, number) => (arrival.WindowEnd - window - (options.Hop * number)).Duration() < options.Chunk / 2);

    /// <summary>The windows of the measured time that brought no update, each with the time for which it was waited for.</summary>
    private IEnumerable<TimeSpan> Lost(LoadStream stream, TimeSpan window, long begin, long end)
    {
        var now = Stopwatch.GetTimestamp();
        for (var number = Whole(stream, window).Count(); ; number++)
        {
            // Updates come in order, so what is missing is the end.
            var due = stream.Schedule.DueAt(LoadSchedule.ChunkOf(window + (options.Hop * number), options.Chunk));
            if (due >= end)
            {
                yield break;
            }

            if (due >= begin)
            {
                yield return Stopwatch.GetElapsedTime(due, now);
            }
        }
    }
}

using System.Diagnostics.Metrics;
using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>The instruments of the meter <c>StreamGenre</c>.</summary>
internal sealed class StreamMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "StreamGenre";

    private readonly Meter _meter;
    private readonly Histogram<double> _latency;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _inference;

    public StreamMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _latency = _meter.CreateHistogram<double>(
            "streamgenre.update.latency", "s", "From the arrival of a window's last byte to its update.");
        _batchSize = _meter.CreateHistogram<int>("streamgenre.batch.size", "{window}", "Windows classified together.");
        _inference = _meter.CreateHistogram<double>("streamgenre.inference.duration", "s", "Time of one batch in the model.");
    }

    /// <summary>Adds the instruments that read an engine's counters.</summary>
    public void Observe(IGenreEngine engine)
    {
        _meter.CreateObservableUpDownCounter(
            "streamgenre.streams.active", () => engine.Statistics.OpenStreams, "{stream}", "Streams open now.");
        _meter.CreateObservableCounter(
            "streamgenre.windows.classified", () => engine.Statistics.ClassifiedWindows, "{window}", "Windows that got scores.");
        _meter.CreateObservableCounter(
            "streamgenre.windows.silent", () => engine.Statistics.SilentWindows, "{window}", "Windows under the level gate, not classified.");
        _meter.CreateObservableCounter(
            "streamgenre.windows.dropped", () => engine.Statistics.DroppedWindows, "{window}", "Windows dropped under overload.");
        _meter.CreateObservableUpDownCounter(
            "streamgenre.windows.queued", () => engine.Statistics.QueuedWindows, "{window}", "Windows that wait for the model now.");
        _meter.CreateObservableCounter(
            "streamgenre.front_end.time", () => engine.Statistics.FrontEndTime.TotalSeconds, "s", "Time spent from PCM bytes to mel windows.");
    }

    /// <summary>Notes an update's latency; the last update of a stream brings no window and is left out.</summary>
    public void RecordUpdate(GenreUpdate update)
    {
        if (update.State != StreamState.Ended)
        {
            _latency.Record(update.ProcessingLatency.TotalSeconds);
        }
    }

    /// <summary>Notes a batch that went through the model.</summary>
    public void RecordBatch(int windows, TimeSpan duration)
    {
        _batchSize.Record(windows);
        _inference.Record(duration.TotalSeconds);
    }
}

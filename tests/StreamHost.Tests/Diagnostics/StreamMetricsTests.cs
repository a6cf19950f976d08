using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Diagnostics;

[Trait("Category", "Server")]
public sealed class StreamMetricsTests
{
    [Fact]
    public async Task Meter_AfterAStream_CountsItsWindowsInDeclaredUnits()
    {
        var units = new ConcurrentDictionary<string, string?>();
        var latencies = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == StreamMetrics.MeterName)
            {
                units[instrument.Name] = instrument.Unit;
                me.EnableMeasurementEvents(instrument);
            }
        };
        var windows = new ConcurrentDictionary<Instrument, long>();
        var batched = 0;
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
        {
            if (instrument.Name == "streamgenre.update.latency")
            {
                Interlocked.Increment(ref latencies);
            }
        });
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) =>
        {
            if (instrument.Name == "streamgenre.batch.size")
            {
                Interlocked.Add(ref batched, value);
            }
        });
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => windows[instrument] = value);
        listener.Start();

        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "metered");
        await SubscribeTests.FinishAsync(publisher, 9);
        listener.RecordObservableInstruments();

        // Other tests' servers may run beside this one, so what is seen is at least ours.
        Assert.Contains(windows, pair => pair is { Key.Name: "streamgenre.windows.classified", Value: 7 });
        Assert.True(latencies >= 7, $"{latencies} latencies");
        Assert.True(batched >= 7, $"{batched} windows in batches");
        Assert.Equal(("{stream}", "{window}", "s"), (units["streamgenre.streams.active"], units["streamgenre.batch.size"], units["streamgenre.update.latency"]));
    }
}

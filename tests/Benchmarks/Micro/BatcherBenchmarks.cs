using BenchmarkDotNet.Attributes;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Benchmarks.Micro;

/// <summary>Windows of 32 streams there and back through the batcher, with a network that takes no time.</summary>
public class BatcherBenchmarks : IAsyncDisposable
{
    private const int Streams = 32;

    private readonly Line[] _lines = new Line[Streams];
    private readonly CountdownEvent _out = new(Streams);
    private NoNetwork _network = null!;
    private WindowBatcher _batcher = null!;

    [GlobalSetup]
    public void Start()
    {
        _network = new NoNetwork();
        var options = new BatchingOptions().For(_network);
        var counters = new PipelineCounters(options.MaxBatch);
        _batcher = new WindowBatcher(_network, options, counters, TimeProvider.System);
        for (var i = 0; i < Streams; i++)
        {
            counters.StreamOpened();
            _lines[i] = new Line(_batcher, _out);
        }
    }

    [GlobalCleanup]
    public Task StopAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _batcher.DisposeAsync();
        foreach (var line in _lines)
        {
            line.Dispose();
        }

        _network.Dispose();
        _out.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Streams)]
    public async Task Window()
    {
        _out.Reset();
        foreach (var line in _lines)
        {
            var window = new MelWindow(1, 128 * 39) { ArrivalTimestamp = TimeProvider.System.GetTimestamp() };
            await line.SendAsync(window);
        }

        _out.Wait();
    }

    private sealed class Line : IWindowSink, IDisposable
    {
        private readonly WindowLine _line;
        private readonly CountdownEvent _out;

        public Line(WindowBatcher batcher, CountdownEvent done)
        {
            _out = done;
            _line = new WindowLine(batcher, this, OverloadPolicy.Block, capacity: 8);
        }

        public ValueTask SendAsync(MelWindow window) => _line.SendAsync(window, silent: false, CancellationToken.None);

        public void OnDone(PendingWindow window)
        {
            _line.ReleasePlace();
            _out.Signal();
        }

        public void Dispose() => _line.Dispose();

        public void OnEnd()
        {
            // Lines of a benchmark do not end.
        }

        public void OnFailed(Exception error) => throw new InvalidOperationException("A line failed.", error);
    }

    private sealed class NoNetwork : IGenreClassifier
    {
        public ModelContract Contract { get; } = new() { Name = "none", Version = "1", Labels = ["a", "b"], TrainingData = "none", License = "none" };

        public string ExecutionProvider => "CPU";

        public void Classify(MelBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                batch.Scores(i).Fill(0.5f);
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}

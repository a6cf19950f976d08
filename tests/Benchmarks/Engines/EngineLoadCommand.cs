using System.CommandLine;
using System.Diagnostics;
using StreamGenre.Benchmarks.Steps;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Benchmarks.Engines;

/// <summary><c>engine-load</c>: the same streams through each engine in turn, and what they cost.</summary>
internal static class EngineLoadCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var streams = new Option<int>("--streams") { Description = "Streams at once", DefaultValueFactory = _ => 32 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of audio of each stream", DefaultValueFactory = _ => 60 };
        var chunk = new Option<int>("--chunk-ms") { Description = "Milliseconds of audio in one write", DefaultValueFactory = _ => 100 };
        var speed = new Option<double>("--speed") { Description = "Times real time; 0 as fast as it goes", DefaultValueFactory = _ => 0 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds through all engines, after one to warm up", DefaultValueFactory = _ => 5 };
        var model = new Option<string>("--model") { Description = "The model", DefaultValueFactory = _ => "models/default.onnx" };
        var command = new Command("engine-load", "Send the same streams through each engine in turn: CPU time a second of audio, wall clock, batches. With -p:Engine=Akka, the Akka engine too.")
        {
            streams, seconds, chunk, speed, rounds, model,
        };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(streams), parsed.GetValue(seconds), parsed.GetValue(chunk), parsed.GetValue(speed), parsed.GetValue(rounds), parsed.GetValue(model)!));
        return command;
    }

    private static async Task RunAsync(int streams, int seconds, int chunkMs, double speed, int rounds, string modelPath)
    {
        using var model = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = modelPath, Device = InferenceDevice.Cpu });
        var music = await Music.LoadAsync("demo");
        var pieces = Enumerable.Range(0, streams).Select(s => music.Cut(s * 7, seconds)).ToList();
        var all = RunningEngine.Names.ToDictionary(name => name, _ => new List<Round>());
        for (var round = 0; round <= rounds; round++)
        {
            // Every other round the other way about, so that none always follows the same one.
            foreach (var name in round % 2 == 0 ? RunningEngine.Names : RunningEngine.Names.Reverse())
            {
                var figures = await MeasureAsync(name, model, music, pieces, chunkMs, speed);
                if (round > 0)
                {
                    all[name].Add(figures);
                }
            }
        }

        var audio = (double)streams * seconds;
        Console.WriteLine($"{streams} streams of {seconds} s, {music.Format.SampleRateHz} Hz x {music.Format.Channels}, writes of {chunkMs} ms, {(speed > 0 ? $"{speed} x real time" : "as fast as it goes")}, {rounds} rounds");
        foreach (var (name, figures) in all)
        {
            Console.WriteLine(
                FormattableString.Invariant($"{name,-7} CPU {Spread.Of(figures.Select(f => f.Cpu.TotalMicroseconds / audio)):F0} us a second of audio, ") +
                FormattableString.Invariant($"wall {Spread.Of(figures.Select(f => f.Wall.TotalSeconds)):F2} s, windows a batch {Spread.Of(figures.Select(f => f.MeanBatch)):F1}, ") +
                FormattableString.Invariant($"allocated {Spread.Of(figures.Select(f => f.Allocated / audio / 1024)):F1} KiB a second, latency p50 {Spread.Of(figures.Select(f => f.Latency50)):F1} ms, p99 {Spread.Of(figures.Select(f => f.Latency99)):F1} ms"));
        }

        if (all.Count == 2)
        {
            var ratios = all["akka"].Zip(all["in-box"], (a, b) => a.Cpu / b.Cpu);
            Console.WriteLine(FormattableString.Invariant($"akka / in-box, CPU, round by round: {Spread.Of(ratios):F2}"));
        }
    }

    private static async Task<Round> MeasureAsync(string name, OnnxGenreClassifier model, Music music, List<byte[]> pieces, int chunkMs, double speed)
    {
        await using var running = await RunningEngine.StartAsync(name, model);
        var engine = running.Engine;
        var chunk = music.BytesPerSecond * chunkMs / 1000 / music.Format.BytesPerFrame * music.Format.BytesPerFrame;
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(pieces.Select((piece, s) => Task.Run(async () =>
        {
            await using var stream = engine.Open(music.Stream($"s{s}"));
            var reading = Task.Run(async () =>
            {
                var seen = new List<double>();
                await foreach (var update in stream.Updates.ReadAllAsync())
                {
                    seen.Add(update.ProcessingLatency.TotalMilliseconds);
                }

                return seen;
            });

            // Live streams do not all begin at the same moment.
            var phase = speed > 0 ? TimeSpan.FromMilliseconds(1000.0 * s / pieces.Count / speed) : TimeSpan.Zero;
            for (var from = 0; from < piece.Length; from += chunk)
            {
                if (speed > 0)
                {
                    var due = phase + TimeSpan.FromSeconds((double)(from + chunk) / music.BytesPerSecond / speed);
                    var left = due - Stopwatch.GetElapsedTime(start);
                    if (left > TimeSpan.Zero)
                    {
                        await Task.Delay(left);
                    }
                }

                await stream.WriteAsync(piece.AsMemory(from, Math.Min(chunk, piece.Length - from)));
            }

            await stream.CompleteAsync();
            return await reading;
        })));
        var wall = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        var sorted = latencies.SelectMany(list => list).Order().ToArray();
        var statistics = engine.Statistics;
        return new Round(wall, cpu, allocated, (double)statistics.ClassifiedWindows / Math.Max(1, statistics.Batches), sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
    }

    private sealed record Round(TimeSpan Wall, TimeSpan Cpu, long Allocated, double MeanBatch, double Latency50, double Latency99);
}

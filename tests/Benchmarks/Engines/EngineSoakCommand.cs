using System.CommandLine;
using System.Diagnostics;
using StreamGenre.Stages;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Benchmarks.Engines;

/// <summary>
/// <c>engine-soak</c>: an engine under streams that end as they should, whose every update is compared with what it must be, among streams that
/// break in every way that callers break them.
/// </summary>
internal static class EngineSoakCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long", DefaultValueFactory = _ => 30 };
        var engine = new Option<string>("--engine") { Description = "in-box or akka (with -p:Engine=Akka)", DefaultValueFactory = _ => RunningEngine.Names[^1] };
        var model = new Option<string>("--model") { Description = "The model", DefaultValueFactory = _ => "models/default.onnx" };
        var command = new Command("engine-soak", "Run an engine for long among streams that break, and compare every update of those that do not.") { minutes, engine, model };
        command.SetAction(parsed => RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(engine)!, parsed.GetValue(model)!));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, string name, string modelPath)
    {
        if (!RunningEngine.Names.Contains(name))
        {
            await Console.Error.WriteLineAsync($"engine-soak: this program was built with {string.Join(" and ", RunningEngine.Names)}, not with '{name}'; build it with -p:Engine=Akka");
            return 2;
        }

        using var model = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = modelPath, Device = InferenceDevice.Cpu });
        var music = await Music.LoadAsync("demo");
        await using var running = await RunningEngine.StartAsync(name, model);
        var load = new SoakLoad(running.Engine, music);
        await load.PrepareAsync(model);
        using var over = new CancellationTokenSource(duration);
        var start = Stopwatch.GetTimestamp();
        var workers = load.StartAll(over.Token);
        var early = 0L;
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var elapsed = Stopwatch.GetElapsedTime(start);
            var heap = Report(elapsed, running.Engine, load);
            if (early == 0 && elapsed > duration / 6)
            {
                early = heap;
            }
        }

        await Task.WhenAll(workers);
        var quiet = Stopwatch.GetTimestamp();
        while (running.Engine.Statistics is { OpenStreams: > 0 } or { QueuedWindows: > 0 } && Stopwatch.GetElapsedTime(quiet) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(100);
        }

        var last = Report(Stopwatch.GetElapsedTime(start), running.Engine, load);
        var statistics = running.Engine.Statistics;
        Console.WriteLine(FormattableString.Invariant($"heap {early / 1048576.0:F1} MiB after a sixth of the time, {last / 1048576.0:F1} MiB at the end"));
        var failed = !load.Wrong.IsEmpty || statistics.OpenStreams != 0 || statistics.QueuedWindows != 0;
        foreach (var wrong in load.Wrong.Take(20))
        {
            Console.WriteLine("WRONG " + wrong);
        }

        Console.WriteLine(failed ? "FAILED" : "PASSED");
        return failed ? 1 : 0;
    }

    private static long Report(TimeSpan elapsed, IGenreEngine engine, SoakLoad load)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        var statistics = engine.Statistics;
        Console.WriteLine(FormattableString.Invariant(
            $"{elapsed:hh\\:mm\\:ss} heap {heap / 1048576.0:F1} MiB, resident {process.WorkingSet64 / 1048576.0:F0} MiB, CPU {process.TotalProcessorTime.TotalSeconds:F0} s, threads {process.Threads.Count}, open {statistics.OpenStreams}, queued {statistics.QueuedWindows}, classified {statistics.ClassifiedWindows}, dropped {statistics.DroppedWindows}, wrong {load.Wrong.Count}; {load.Counts()}"));
        return heap;
    }
}

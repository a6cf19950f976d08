using System.CommandLine;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Reports;

namespace StreamGenre.Benchmarks.Ceiling;

/// <summary><c>charts</c>: the budget of an audio second, the machine's roof and how cost grows, measured and drawn.</summary>
internal static class ChartsCommand
{
    private const int SecondsEach = 6;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { HelpName = "FILE", Description = "The page to write, with its JSON beside it (default: perf.html).", DefaultValueFactory = _ => "perf.html" };
        var model = new Option<string?>("--model") { HelpName = "FILE", Description = "The network (default: the program's)." };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of each measurement (default: 400).", DefaultValueFactory = _ => 400 };
        var streams = new Option<int[]>("--streams")
        {
            HelpName = "N", Description = "Numbers of streams to serve, some 15 s each; 0 for none (default: 50 100 200 400 600 800).", AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [50, 100, 200, 400, 600, 800],
        };
        var command = new Command("charts", "Measure the budget of an audio second, the machine's roof and how cost grows with batch, hop and streams, and draw them as one HTML page.") { output, model, rounds, streams };
        command.SetAction(async (parsed, cancellation) =>
        {
            var root = Repository();
            var path = Path.GetFullPath(parsed.GetValue(model) ?? Path.Combine(root, "models", "default.onnx"));
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"--model is '{path}', and there is no such file.");
                return 2;
            }

            using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = path, Device = InferenceDevice.Cpu });
            var steps = new StepMeasurement(path, classifier, parsed.GetValue(rounds));
            var report = new CeilingReport
            {
                MeasuredAt = DateTimeOffset.UtcNow,
                Machine = Machine(),
                Model = $"{classifier.Contract.Name} {classifier.Contract.Version}",
                Roof = RoofMeasurement.Measure(),
                Steps = steps.Steps(),
                Batches = steps.Batches(),
                Hops = steps.Hops(),
                Streams = Served(root, path, [.. parsed.GetValue(streams)!.Where(number => number > 0).Order()]),
            };
            var json = await Page.WriteAsync(parsed.GetValue(output)!, CeilingPage.Render(report), report, cancellation);
            Console.WriteLine($"page: {Path.GetFullPath(parsed.GetValue(output)!)}\nJSON: {json}");
            return 0;
        });
        return command;
    }

    private static List<StreamsCost> Served(string root, string model, IReadOnlyList<int> streams)
    {
        if (streams.Count == 0)
        {
            return [];
        }

        var project = Path.Combine(root, "src", "StreamHost");
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", project, "-c", "Release", "--nologo", "-v", "quiet"]))!;
        build.WaitForExit();
        var program = Path.Combine(project, "bin", "Release", "net10.0", "StreamGenre.StreamHost.dll");
        return streams.Select(number =>
        {
            var cost = ServedStreams.Measure(program, model, number, SecondsEach);
            Console.WriteLine(FormattableString.Invariant($"{number,5} streams: {cost.CpuMicroseconds:F0} us CPU an audio second, p50 {cost.P50Milliseconds:F1} ms, p99 {cost.P99Milliseconds:F1} ms"));
            return cost;
        }).ToList();
    }

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var name = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        var vectors = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        return $"{Environment.ProcessorCount} cores of {name ?? "an unnamed processor"}, vectors of {vectors} bits";
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamGenre.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"There is no StreamGenre.sln above {AppContext.BaseDirectory}.");
    }
}

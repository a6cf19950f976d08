using System.CommandLine;
using StreamGenre.Training.Commands;

namespace StreamGenre.Benchmarks.Steps;

/// <summary><c>training-step</c>: one step of training here and in PyTorch, in turn.</summary>
internal static class TrainingStepCommand
{
    private const string Description = """
        One training step (forward, loss, backward, AdamW) of the same network on the same batch, in turn here and in PyTorch.

        Both start from the same weights, and the first losses must agree. The ratio is that of each round's two times, so that what else the machine
        does meets both; below 1 is faster than PyTorch. On a busy machine PyTorch's threads, which spin while they wait for each other, lose more than
        ours, and the ratio flatters: compare the fastest steps then, or the CPU times with --threads 1, where nobody spins.
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var network = new Option<string[]>("--network")
        {
            Description = $"What is trained: {string.Join(", ", BenchmarkNetwork.All.Select(n => n.Name))}; repeat for more (default: all)",
            AllowMultipleArgumentsPerToken = true,
        };
        var batch = new Option<int?>("--batch") { Description = "Windows in a step (default: 64, of crnn 16)" };
        var threads = new Option<int>("--threads") { Description = "Threads of either side", DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of steps that are measured", DefaultValueFactory = _ => 60 };
        var python = new Option<string>("--python") { Description = "A Python that has PyTorch and numpy", DefaultValueFactory = _ => "/usr/bin/python3" };
        var channelsLast = new Option<bool>("--channels-last") { Description = "Let PyTorch keep images with channels innermost" };
        var profile = new Option<string?>("--profile") { Description = "Write ONNX Runtime's profile to files of this prefix (slows the step)" };

        var command = new Command("training-step", Description) { network, batch, threads, rounds, python, channelsLast, profile };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var options = new TrainingStepOptions
            {
                BatchWindows = parsed.GetValue(batch),
                Threads = parsed.GetValue(threads),
                Rounds = parsed.GetValue(rounds),
                Python = parsed.GetValue(python)!,
                ChannelsLast = parsed.GetValue(channelsLast),
                ProfilePrefix = parsed.GetValue(profile),
            };
            options.Check();
            var names = parsed.GetValue(network)!;
            var networks = names.Length == 0 ? BenchmarkNetwork.All : [.. names.Select(BenchmarkNetwork.Find)];
            Console.WriteLine(
                FormattableString.Invariant($"{options.Threads} threads, {options.Rounds} rounds; medians, in brackets the quartiles"));
            foreach (var chosen in networks)
            {
                Console.WriteLine(await TrainingStepBenchmark.RunAsync(chosen, options, cancellation));
            }

            return 0;
        }));
        return command;
    }
}

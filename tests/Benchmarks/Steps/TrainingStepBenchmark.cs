using System.Diagnostics;
using StreamGenre.Training;
using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Benchmarks.Steps;

/// <summary>Steps of one network in turn here and in PyTorch.</summary>
internal static class TrainingStepBenchmark
{
    private const int WarmUpRounds = 5;
    private const float LearningRate = 1e-3f;

    /// <summary>How far the first losses may lie apart, relative: rounding in another order gives about 1e-6, another network far more.</summary>
    private const double LossTolerance = 1e-3;

    /// <summary>Measures and returns a line to print.</summary>
    public static async Task<string> RunAsync(BenchmarkNetwork network, TrainingStepOptions options, CancellationToken cancellation)
    {
        var windows = options.BatchWindows ?? network.BatchWindows;
        var shape = new TensorShape(windows, 1, network.Mels, network.Frames);
        var random = new Random(1);
        var x = new float[shape.Count];
        foreach (ref var value in x.AsSpan())
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        var targets = new float[windows * BenchmarkNetwork.Labels];
        for (var i = 0; i < windows; i++)
        {
            targets[(i * BenchmarkNetwork.Labels) + random.Next(BenchmarkNetwork.Labels)] = 1;
        }

        using var session = TrainingSession.Create(
            network.Forward,
            shape,
            BenchmarkNetwork.Labels,
            new AdamW { WeightDecay = 0.01 },
            new TrainingOptions { Threads = options.Threads, ProfilePrefix = options.ProfilePrefix is { } prefix ? $"{prefix}-{network.Name}" : null });
        using var pyTorch = await StartPyTorchAsync(network, options, shape, x, targets, session);

        var differences = new List<double>();
        var (ours, theirs) = (new List<double>(), new List<double>());
        var (ourCpu, theirCpu) = (new List<double>(), new List<double>());
        for (var round = 0; round < WarmUpRounds + options.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (start, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var loss = session.Step(x, targets, LearningRate);
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var cpuMilliseconds = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds;
            var (theirLoss, theirMilliseconds, theirCpuMilliseconds) = await pyTorch.StepAsync();
            if (round < WarmUpRounds)
            {
                differences.Add(Math.Abs(loss - theirLoss) / Math.Abs(theirLoss));
                continue;
            }

            ours.Add(milliseconds);
            theirs.Add(theirMilliseconds);
            ourCpu.Add(cpuMilliseconds);
            theirCpu.Add(theirCpuMilliseconds);
        }

        if (!(differences.Max() <= LossTolerance))
        {
            throw new TrainingException(FormattableString.Invariant(
                $"{network.Name}: the losses of the first {WarmUpRounds} steps lie up to {differences.Max():G2} apart, over {LossTolerance}: the two sides compute different things"));
        }

        var ratios = ours.Zip(theirs, (a, b) => a / b).ToArray();
        return FormattableString.Invariant(
            $"{network.Name}, batch {windows}: StreamGenre {Spread.Of(ours):0.0} ms, PyTorch {pyTorch.Version} {Spread.Of(theirs):0.0} ms, ratio {Spread.Of(ratios):0.000}; ")
            + FormattableString.Invariant($"fastest {ours.Min():0.0} and {theirs.Min():0.0} ms, ratio {ours.Min() / theirs.Min():0.000}; ")
            + FormattableString.Invariant($"CPU {Spread.Of(ourCpu):0.0} and {Spread.Of(theirCpu):0.0} ms, ratio {Spread.Of(ourCpu.Zip(theirCpu, (a, b) => a / b)):0.000}; ")
            + FormattableString.Invariant($"{session.WeightCount} weights, losses within {differences.Max():0.0e0}");
    }

    private static async Task<PyTorchStep> StartPyTorchAsync(
        BenchmarkNetwork network, TrainingStepOptions options, TensorShape shape, float[] x, float[] targets, TrainingSession session)
    {
        var path = Path.GetTempFileName();
        try
        {
            NpzFile.Write(path, session.Parameters().Values
                .Select(parameter => (parameter.Name, Ints(parameter.Shape), parameter.Values))
                .Append(("x", Ints(shape), x))
                .Append(("targets", [(int)shape[0], BenchmarkNetwork.Labels], targets)));
            return await PyTorchStep.StartAsync(network, path, options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int[] Ints(TensorShape shape) => [.. shape.ToArray().Select(size => (int)size)];
}

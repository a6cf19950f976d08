using System.Globalization;
using StreamGenre.Benchmarks.Peers;

namespace StreamGenre.Benchmarks.Steps;

/// <summary>The other side: pytorch_step.py, which takes a step for each line it is sent and answers with loss and time.</summary>
internal sealed class PyTorchStep : IDisposable
{
    private readonly PyTorchProcess _process;

    private PyTorchStep(PyTorchProcess process) => _process = process;

    /// <summary>PyTorch's version.</summary>
    public string Version => _process.Version;

    /// <summary>Starts PyTorch with a network, its weights and a batch.</summary>
    /// <param name="network">Which class of pytorch_step.py.</param>
    /// <param name="npz">Weights and buffers by name, <c>x</c> and <c>targets</c>.</param>
    /// <param name="options">Python, threads, layout.</param>
    public static async Task<PyTorchStep> StartAsync(BenchmarkNetwork network, string npz, TrainingStepOptions options) => new(await PyTorchProcess.StartAsync(
        options.Python,
        Path.Combine("Steps", "pytorch_step.py"),
        network.Name,
        npz,
        options.Threads.ToString(CultureInfo.InvariantCulture),
        options.ChannelsLast ? "channels-last" : "contiguous"));

    /// <summary>Takes one step.</summary>
    public async Task<(double Loss, double Milliseconds, double CpuMilliseconds)> StepAsync()
    {
        var answer = await _process.AskAsync("step");
        return (answer.GetProperty("loss").GetDouble(), answer.GetProperty("milliseconds").GetDouble(), answer.GetProperty("cpu_milliseconds").GetDouble());
    }

    public void Dispose() => _process.Dispose();
}

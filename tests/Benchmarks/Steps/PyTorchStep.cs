using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StreamGenre.Training;

namespace StreamGenre.Benchmarks.Steps;

/// <summary>The other side: pytorch_step.py in a child process, which takes a step for each line it is sent and answers with loss and time.</summary>
internal sealed class PyTorchStep : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PyTorchStep(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Starts PyTorch with a network, its weights and a batch.</summary>
    /// <param name="network">Which class of pytorch_step.py.</param>
    /// <param name="npz">Weights and buffers by name, <c>x</c> and <c>targets</c>.</param>
    /// <param name="options">Python, threads, layout.</param>
    public static async Task<PyTorchStep> StartAsync(BenchmarkNetwork network, string npz, TrainingStepOptions options)
    {
        var start = new ProcessStartInfo(options.Python)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "Steps", "pytorch_step.py"), network.Name, npz, options.Threads.ToString(CultureInfo.InvariantCulture),
            options.ChannelsLast ? "channels-last" : "contiguous"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new TrainingException($"{options.Python} can't be started ({error.Message}); name a Python that has PyTorch by --python", error);
        }

        var step = new PyTorchStep(process);
        step.Version = (await step.ReadAsync()).GetProperty("torch").GetString()!;
        return step;
    }

    /// <summary>Takes one step.</summary>
    public async Task<(double Loss, double Milliseconds, double CpuMilliseconds)> StepAsync()
    {
        await _process.StandardInput.WriteLineAsync("step");
        await _process.StandardInput.FlushAsync();
        var answer = await ReadAsync();
        return (answer.GetProperty("loss").GetDouble(), answer.GetProperty("milliseconds").GetDouble(), answer.GetProperty("cpu_milliseconds").GetDouble());
    }

    public void Dispose()
    {
        // The script ends with its input.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<JsonElement> ReadAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            return JsonElement.Parse(line);
        }

        var errors = (await _errors).Trim().Split('\n');
        throw new TrainingException($"PyTorch's side ended: {errors[^1]} (Debian has it as python3-torch; --python names another Python)");
    }
}

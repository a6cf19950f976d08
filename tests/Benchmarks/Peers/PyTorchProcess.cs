using System.Diagnostics;
using System.Text.Json;
using StreamGenre.Training;

namespace StreamGenre.Benchmarks.Peers;

/// <summary>PyTorch in a child process: a script of this program that says its version first, then answers each line with one of JSON, and ends with its input.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PyTorchProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the script said first.</summary>
    public JsonElement Hello { get; private set; }

    /// <summary>PyTorch's version.</summary>
    public string Version => Hello.GetProperty("torch").GetString()!;

    /// <summary>Starts a script and waits until it is ready.</summary>
    /// <param name="python">The Python that has PyTorch.</param>
    /// <param name="script">The script, relative to this program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="TrainingException">There is no such Python, or the script ended.</exception>
    public static async Task<PyTorchProcess> StartAsync(string python, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new TrainingException($"{python} can't be started ({error.Message}); name a Python that has PyTorch by --python", error);
        }

        var peer = new PyTorchProcess(process);
        try
        {
            peer.Hello = await peer.ReadAsync();
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Sends a line and reads the answer.</summary>
    /// <exception cref="TrainingException">The script ended.</exception>
    public async Task<JsonElement> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public void Dispose()
    {
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

using System.Reflection;
using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Runs;

/// <summary>What a run runs on: the same seed gives the same bits on the same of these.</summary>
/// <param name="Program">Version of this program.</param>
/// <param name="OnnxRuntime">Version of ONNX Runtime.</param>
/// <param name="DotNet">Version of .NET.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Processor">The CPU's own name.</param>
/// <param name="Cores">Logical cores that this process may use.</param>
/// <param name="Threads">Threads of ONNX Runtime.</param>
/// <param name="Folder">Working folder, from which the configuration's paths are taken.</param>
/// <param name="Started">When this part of the run began.</param>
internal sealed record RunEnvironment(
    string Program, string OnnxRuntime, string DotNet, string OperatingSystem, string Processor, int Cores, int Threads, string Folder, DateTimeOffset Started)
{
    /// <summary>What takes the steps, "CPU" or "CUDA".</summary>
    public string Device { get; init; } = TrainingDevice.Cpu.Name;

    /// <summary>This machine, now.</summary>
    /// <exception cref="TrainingException">The device that was asked for can't be had.</exception>
    public static RunEnvironment Here(TrainingRunOptions options) => new(
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        OrtEnv.Instance().GetVersionString(),
        Environment.Version.ToString(),
        RuntimeInformation.OSDescription,
        ProcessorName(),
        Environment.ProcessorCount,
        options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
        Environment.CurrentDirectory,
        DateTimeOffset.Now)
    {
        Device = TrainingDevice.Find(options.Device).Name,
    };

    /// <summary>What could make this environment's bits differ from another's; empty when nothing is known to.</summary>
    public IReadOnlyList<string> DifferencesTo(RunEnvironment other)
    {
        var differences = new List<string>();
        void Compare(string what, object here, object there)
        {
            if (!here.Equals(there))
            {
                differences.Add($"{what}: {there}, here {here}");
            }
        }

        Compare("program", Program, other.Program);
        Compare("ONNX Runtime", OnnxRuntime, other.OnnxRuntime);
        Compare(".NET", DotNet, other.DotNet);
        Compare("processor", Processor, other.Processor);
        Compare("device", Device, other.Device);
        Compare("threads", Threads, other.Threads);
        return differences;
    }

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

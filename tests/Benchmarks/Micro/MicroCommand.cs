using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace StreamGenre.Benchmarks.Micro;

/// <summary><c>micro</c>: single steps by BenchmarkDotNet, with what each allocates.</summary>
internal static class MicroCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { HelpName = "GLOB", Description = "Which (default: all).", DefaultValueFactory = _ => "*" };
        var command = new Command("micro", "Single steps by BenchmarkDotNet, with what each allocates.") { filter };
        command.SetAction(parsed =>
        {
            // In this process: the project's settings (warnings are errors, packages by one list) do not suit the project that would be generated.
            var config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddLogger(ConsoleLogger.Default)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "streamgenre-benchmarks"));
            var run = BenchmarkSwitcher.FromTypes([typeof(SignalBenchmarks), typeof(BatcherBenchmarks), typeof(RpcBenchmarks)])
                .Run(["--filter", parsed.GetValue(filter)!], config);
            return run.Any() ? 0 : 2;
        });
        return command;
    }
}

using System.Diagnostics;

namespace StreamGenre.Training.Tests.Commands;

/// <summary>The training program as a user runs it: its own process.</summary>
internal static class Cli
{
    private static string DotNet => Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    public static Process Start(params string[] arguments) => Launch(DotNet, [Program, .. arguments]);

    /// <summary>Also where the tests themselves run with interrupts ignored, as a shell's background jobs and what they start do.</summary>
    public static Process StartInterruptible(params string[] arguments) => Launch("env", ["--default-signal=INT", DotNet, Program, .. arguments]);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "StreamGenre.Training.dll");

    private static Process Launch(string file, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}

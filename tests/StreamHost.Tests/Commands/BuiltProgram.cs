using System.Diagnostics;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Commands;

/// <summary>The built program, run as its users run it.</summary>
internal static class BuiltProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="model">The model it is to use.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<(int ExitCode, string[] Output, string[] Errors)> RunAsync(string model, params string[] arguments) =>
        RunInAsync(Environment.CurrentDirectory, model, arguments);

    /// <summary>Runs it to its end, started from a folder.</summary>
    public static Task<(int ExitCode, string[] Output, string[] Errors)> RunInAsync(string folder, string model, params string[] arguments) =>
        RunAsync("dotnet", [typeof(StreamHost.Hosting.GenreServer).Assembly.Location, .. arguments], model, folder);

    /// <summary>Runs any program to its end.</summary>
    public static async Task<(int ExitCode, string[] Output, string[] Errors)> RunAsync(
        string program, string[] arguments, string? model, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        start.Environment["STREAMGENRE_Model__Path"] = model;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' was not started");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Eventually.Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, Lines(await output), Lines(await errors));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

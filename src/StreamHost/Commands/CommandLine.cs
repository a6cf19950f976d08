using System.CommandLine;
using System.Runtime.InteropServices;
using Grpc.Core;
using Spectre.Console;
using StreamGenre.AudioFiles;
using StreamGenre.CommandLines;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Runs commands: what goes wrong is one line on standard error and exit code 2, Ctrl+C is 130 unless the command says otherwise.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a command that could not do what it was asked.</summary>
    public const int Failed = 2;

    /// <summary>Exit code of a command that was interrupted, by the shells' convention.</summary>
    public const int Interrupted = 130;

    /// <summary>Parses and runs.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        HelpWithExamples.AddTo(root);
        var parsed = root.Parse(args);
        if (ParseErrors.Of(parsed) is { Count: > 0 } errors)
        {
            return Fail($"{string.Join(' ', errors)} See '{$"{ParseErrors.PathOf(parsed)} --help".TrimStart()}'.");
        }

        if (Console.IsOutputRedirected)
        {
            // A file or a pipe has no colours and no right edge.
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
            AnsiConsole.Profile.Width = 240;
        }

        using var interrupted = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            // The first signal asks to end; a second one meets the default and kills.
            if (!interrupted.IsCancellationRequested)
            {
                context.Cancel = true;
                interrupted.Cancel();
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interrupted.Token);
        }
        catch (Exception) when (interrupted.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (ClosedOutputException)
        {
            // The reader of a pipe has had enough (… | head): that is no failure.
            return 0;
        }
        catch (Exception e) when (e is CommandFailedException or AudioSourceException or SettingsException or ModelContractException or DeviceUnavailableException)
        {
            return Fail(e.Message);
        }
        catch (RpcException e)
        {
            return Fail($"the server answered {CodeName(e.StatusCode)}: {e.Status.Detail}");
        }
    }

    /// <summary>Tells what went wrong, in one line on standard error; gives <see cref="Failed"/>.</summary>
    public static int Fail(string message)
    {
        Console.Error.WriteLine("streamgenre: " + message.ReplaceLineEndings(" "));
        return Failed;
    }

    // ResourceExhausted as RESOURCE_EXHAUSTED, the name in every gRPC document.
    private static string CodeName(StatusCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}

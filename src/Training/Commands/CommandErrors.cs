namespace StreamGenre.Training.Commands;

/// <summary>How commands end: 0 done, 2 with one line for what the user can put right, 130 when interrupted.</summary>
internal static class CommandErrors
{
    /// <summary>Exit code for unusable input.</summary>
    public const int Unusable = 2;

    /// <summary>Exit code after Ctrl+C.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs a command's work and turns its errors into a line and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return Interrupted;
        }
        catch (Exception error) when (error is TrainingException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message.ReplaceLineEndings(" ")}");
            return Unusable;
        }
    }
}

using StreamGenre.StreamHost.Tests.Commands;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>Signals to processes that the tests started.</summary>
internal static class Signals
{
    public static async Task SendAsync(string signal, int processId)
    {
        var (exitCode, _, errors) = await BuiltProgram.RunAsync("kill", ["-" + signal, processId.ToString()], model: null);
        Assert.True(exitCode == 0, string.Join(' ', errors));
    }
}

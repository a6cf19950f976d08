using Spectre.Console;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Chooses how updates are shown: as JSON where asked, as a live table in a terminal, else as plain lines.</summary>
internal static class UpdateViews
{
    /// <summary>Runs something that shows updates.</summary>
    /// <param name="json">Whether JSON was asked for.</param>
    /// <param name="keep">Whether the live table's last picture stays on the screen.</param>
    /// <param name="body">What runs.</param>
    /// <param name="file">The file that the updates are about, which JSON lines then name.</param>
    /// <param name="several">Whether they are of several streams.</param>
    public static async Task<T> RunAsync<T>(bool json, bool keep, Func<IUpdateView, Task<T>> body, string? file = null, bool several = false)
    {
        if (json)
        {
            using var output = new JsonLines(file);
            return await body(output);
        }

        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return await body(new LineView(several));
        }

        return await AnsiConsole.Live(new Text("listening …")).AutoClear(!keep)
            .StartAsync(display => body(new LiveView(display, TimeProvider.System)));
    }
}

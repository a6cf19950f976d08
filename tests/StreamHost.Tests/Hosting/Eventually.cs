using System.Diagnostics;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>Waits for what a server brings about by itself.</summary>
internal static class Eventually
{
    /// <summary>Long enough for a busy machine; reached only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"waited in vain for: {what}");
            await Task.Delay(5);
        }
    }
}

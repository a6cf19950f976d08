using System.Diagnostics;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>Waits for what a server brings about by itself.</summary>
internal static class Eventually
{
    /// <summary>Long enough for a busy machine; reached only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<Task<bool>> condition, string what) => TrueAsync(condition, () => what);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The same in words, with what stands instead of it; asked when it was waited for in vain.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) >= Patience)
            {
                Assert.Fail($"waited in vain for: {what()}");
            }

            await Task.Delay(5);
        }
    }
}

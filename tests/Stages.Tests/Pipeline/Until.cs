using System.Diagnostics;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Until
{
    /// <summary>Long enough for a busy machine; reached only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task True(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"waited in vain for: {what}");
            await Task.Yield();
        }
    }
}

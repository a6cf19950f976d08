using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamGenre.Benchmarks.Serving;

/// <summary>Processor time of the calling thread: what a busy machine does to others does not count. Wall time where there is no such clock.</summary>
internal static partial class ThreadClock
{
    // linux/time.h
    private const int ThreadCpuTime = 3;

    private static readonly bool IsThere = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Now, in µs from some moment on.</summary>
    public static double Microseconds()
    {
        if (IsThere && GetTime(ThreadCpuTime, out var now) == 0)
        {
            return (now.Seconds * 1e6) + (now.Nanoseconds / 1e3);
        }

        return Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

using StreamGenre.StreamHost.Diagnostics;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>What a server used in the measured time.</summary>
internal sealed record ServerCost
{
    /// <summary>Audio heard, in seconds: windows times hop.</summary>
    public required double AudioSeconds { get; init; }

    /// <summary>Processor time, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Audio seconds that a processor second is enough for.</summary>
    public required double AudioSecondsPerCpuSecond { get; init; }

    /// <summary>Processor seconds that an audio second takes.</summary>
    public required double CpuSecondsPerAudioSecond { get; init; }

    /// <summary>
    /// Wall time from PCM bytes to mel windows that an audio second takes, in seconds: its processor time on a machine with cores to spare, more where
    /// threads wait for one.
    /// </summary>
    public required double FrontEndSecondsPerAudioSecond { get; init; }

    /// <summary>Wall time in the model that an audio second takes, in seconds; as above.</summary>
    public required double InferenceSecondsPerAudioSecond { get; init; }

    /// <summary>Resident memory before the streams were opened, in bytes.</summary>
    public required long BaseResidentBytes { get; init; }

    /// <summary>Resident memory at the end of the measured time, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Their difference by streams, in bytes.</summary>
    public required double ResidentBytesPerStream { get; init; }

    /// <summary>Managed memory allocated for each second of audio, in bytes.</summary>
    public required double AllocatedBytesPerAudioSecond { get; init; }

    /// <summary>Garbage collections, by generation.</summary>
    public required IReadOnlyList<int> Collections { get; init; }

    /// <summary>Windows in a batch, on average.</summary>
    public required double MeanBatch { get; init; }

    /// <summary>Batches by their number of windows; sizes that did not occur are left out.</summary>
    public required IReadOnlyDictionary<int, long> BatchSizes { get; init; }

    /// <summary>The cost of the time between two snapshots.</summary>
    public static ServerCost Between(ServerStatistics idle, ServerStatistics begin, ServerStatistics end, int streams, TimeSpan hop)
    {
        var windows = end.ClassifiedWindows + end.SilentWindows + end.DroppedWindows - begin.ClassifiedWindows - begin.SilentWindows - begin.DroppedWindows;
        var audio = windows * hop.TotalSeconds;
        var cpu = end.CpuSeconds - begin.CpuSeconds;
        var batches = end.BatchSizes.Select((count, size) => (Size: size, Count: count - begin.BatchSizes[size])).Where(batch => batch.Count > 0).ToList();
        return new ServerCost
        {
            AudioSeconds = audio,
            CpuSeconds = cpu,
            AudioSecondsPerCpuSecond = Ratio(audio, cpu),
            CpuSecondsPerAudioSecond = Ratio(cpu, audio),
            FrontEndSecondsPerAudioSecond = Ratio(end.FrontEndSeconds - begin.FrontEndSeconds, audio),
            InferenceSecondsPerAudioSecond = Ratio(end.InferenceSeconds - begin.InferenceSeconds, audio),
            BaseResidentBytes = idle.ResidentBytes,
            ResidentBytes = end.ResidentBytes,
            ResidentBytesPerStream = Ratio(end.ResidentBytes - idle.ResidentBytes, streams),
            AllocatedBytesPerAudioSecond = Ratio(end.AllocatedBytes - begin.AllocatedBytes, audio),
            Collections = [.. end.Collections.Select((count, generation) => count - begin.Collections[generation])],
            MeanBatch = Ratio(batches.Sum(batch => batch.Size * batch.Count), batches.Sum(batch => batch.Count)),
            BatchSizes = batches.ToDictionary(batch => batch.Size, batch => batch.Count),
        };
    }

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}

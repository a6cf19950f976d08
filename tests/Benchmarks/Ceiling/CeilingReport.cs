namespace StreamGenre.Benchmarks.Ceiling;

/// <summary>How far serving is from what the machine can do; written as JSON beside the page.</summary>
internal sealed record CeilingReport
{
    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>The processor, its cores and vectors.</summary>
    public required string Machine { get; init; }

    /// <summary>Name and version of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Multiply-adds and bandwidth that one core comes to.</summary>
    public required Roof Roof { get; init; }

    /// <summary>The steps of an audio second at a hop of 1 s, by one thread.</summary>
    public required IReadOnlyList<StepCost> Steps { get; init; }

    /// <summary>The model by batch size.</summary>
    public required IReadOnlyList<BatchCost> Batches { get; init; }

    /// <summary>Front end and model by hop.</summary>
    public required IReadOnlyList<HopCost> Hops { get; init; }

    /// <summary>A server by streams; empty where none was measured.</summary>
    public required IReadOnlyList<StreamsCost> Streams { get; init; }
}

/// <summary>What one core can do.</summary>
/// <param name="Gigaflops">Single-precision operations a second in units of 10⁹, in fused multiply-adds of its widest vectors.</param>
/// <param name="Bandwidths">Reading, by how much memory is gone through again and again.</param>
internal sealed record Roof(double Gigaflops, IReadOnlyList<Bandwidth> Bandwidths);

/// <summary>Reading speed.</summary>
/// <param name="Kibibytes">Memory gone through.</param>
/// <param name="GigabytesPerSecond">In units of 10⁹ bytes.</param>
internal sealed record Bandwidth(int Kibibytes, double GigabytesPerSecond);

/// <summary>One step of an audio second.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Microseconds">Time by one thread.</param>
/// <param name="Megaflops">Operations that it needs, in units of 10⁶.</param>
/// <param name="Kilobytes">Memory that it must at least read and write, tables and weights included, in units of 10³.</param>
internal sealed record StepCost(string Name, double Microseconds, double Megaflops, double Kilobytes)
{
    /// <summary>Operations a second in units of 10⁹.</summary>
    public double Gigaflops => Megaflops / Microseconds * 1000;

    /// <summary>Operations a byte.</summary>
    public double Intensity => 1000 * Megaflops / Kilobytes;
}

/// <summary>The model at one batch size.</summary>
/// <param name="Windows">Windows in a batch.</param>
/// <param name="Microseconds">Time a window.</param>
internal sealed record BatchCost(int Windows, double Microseconds);

/// <summary>An audio second at one hop.</summary>
/// <param name="Seconds">From window to window.</param>
/// <param name="FrontEndMicroseconds">Bytes to windows.</param>
/// <param name="ModelMicroseconds">Windows to scores, eight in a batch.</param>
internal sealed record HopCost(double Seconds, double FrontEndMicroseconds, double ModelMicroseconds);

/// <summary>A server under paced streams.</summary>
/// <param name="Streams">Their number.</param>
/// <param name="CpuMicroseconds">The server's processor time an audio second.</param>
/// <param name="P50Milliseconds">Median latency.</param>
/// <param name="P99Milliseconds">99th percentile.</param>
/// <param name="MeanBatch">Windows in a batch.</param>
/// <param name="KibibytesPerStream">Resident memory over the base.</param>
internal sealed record StreamsCost(int Streams, double CpuMicroseconds, double P50Milliseconds, double P99Milliseconds, double MeanBatch, double KibibytesPerStream);

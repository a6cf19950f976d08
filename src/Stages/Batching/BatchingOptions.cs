using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Batching;

/// <summary>How the windows of all streams are gathered into batches.</summary>
public sealed record BatchingOptions
{
    /// <summary>
    /// Most windows in a batch, 0..1024. 0 (the default): 8 on the CPU, where fuller batches are no faster and each lane keeps the memory of its largest
    /// one (docs/performance.md); 32 on a GPU.
    /// </summary>
    public int MaxBatch { get; init; }

    /// <summary>
    /// Longest that a window waits for others to fill its batch, 0..1 s; 20 ms. Nobody waits while the machine is idle: see
    /// <see cref="BatchRule"/>. Zero: a lane that is free takes what is there.
    /// </summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Windows of all streams that may wait for a lane, 1..65,536; 1024: a second's worth of a thousand streams at a hop of 1 s. When it is
    /// full, a stream's <see cref="OverloadPolicy"/> says what happens.
    /// </summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>
    /// Batches in the model at once, each on a thread of its own, 0..256. 0 (the default): one a core on the CPU; two on a GPU, so that one
    /// is filled and copied there while the other runs.
    /// </summary>
    public int Lanes { get; init; }

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (MaxBatch is < 0 or > 1024)
        {
            errors.Add($"max_batch is {MaxBatch}; it must be 0..1024, 0 for automatic");
        }

        if (MaxDelay < TimeSpan.Zero || MaxDelay > TimeSpan.FromSeconds(1))
        {
            errors.Add($"max_delay is {MaxDelay.TotalMilliseconds:0.###} ms; it must be 0..1000 ms");
        }

        if (QueueCapacity is < 1 or > 65_536)
        {
            errors.Add($"queue_capacity is {QueueCapacity}; it must be 1..65536");
        }

        if (Lanes is < 0 or > 256)
        {
            errors.Add($"lanes is {Lanes}; it must be 0..256, 0 for automatic");
        }

        return errors;
    }

    /// <summary>These options with what is automatic chosen for a classifier's device.</summary>
    /// <exception cref="InvalidOperationException">With everything wrong with these options.</exception>
    public BatchingOptions For(IGenreClassifier classifier)
    {
        if (Errors() is { Count: > 0 } errors)
        {
            throw new InvalidOperationException("The batching options are wrong: " + string.Join("; ", errors) + ".");
        }

        var onCpu = classifier.ExecutionProvider == "CPU";
        return this with
        {
            MaxBatch = MaxBatch > 0 ? MaxBatch : onCpu ? 8 : 32,
            Lanes = Lanes > 0 ? Lanes : onCpu ? Environment.ProcessorCount : 2,
        };
    }
}

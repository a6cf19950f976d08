using StreamGenre.Training;

namespace StreamGenre.Benchmarks.Steps;

/// <summary>How steps are measured.</summary>
internal sealed record TrainingStepOptions
{
    /// <summary>Windows in a step; by default the network's.</summary>
    public int? BatchWindows { get; init; }

    /// <summary>Threads of either side.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Pairs of steps that are measured, after those that warm up.</summary>
    public int Rounds { get; init; } = 60;

    /// <summary>The Python that runs PyTorch.</summary>
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Whether PyTorch keeps images as [batch, height, width, channels].</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Prefix of ONNX Runtime's profile; null for none.</summary>
    public string? ProfilePrefix { get; init; }

    /// <summary>Throws with everything that is wrong.</summary>
    /// <exception cref="TrainingException">A number is out of its range.</exception>
    public void Check()
    {
        var errors = new (string Name, int? Value, int Least)[]
        {
            ("--batch", BatchWindows, 2), ("--threads", Threads, 1), ("--rounds", Rounds, 1),
        }.Where(option => option.Value < option.Least).Select(option => $"{option.Name} is {option.Value}; it must be {option.Least} or more").ToArray();
        if (errors.Length > 0)
        {
            throw new TrainingException(string.Join("; ", errors));
        }
    }
}

namespace StreamGenre.Training.Adapters;

/// <summary>How an adapter is trained.</summary>
internal sealed record AdapterOptions
{
    /// <summary>Steps in which the guessed pictures learn to be like the true ones, cell by cell.</summary>
    public int PictureSteps { get; init; } = 300;

    /// <summary>Steps, after those, in which the backbone's features of the guessed pictures learn to be like those of the true ones.</summary>
    public int FeatureSteps { get; init; } = 2000;

    /// <summary>Steps, after those, in which the backbone learns along.</summary>
    public int TuneSteps { get; init; } = 2000;

    /// <summary>Windows in a step.</summary>
    public int BatchWindows { get; init; } = 8;

    /// <summary>Highest learning rate of Adam, on a cosine with a warm-up in either part.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Width of the adapter.</summary>
    public int Channels { get; init; } = 160;

    /// <summary>Share of the artists that are held back and measured on.</summary>
    public double HoldOutArtists { get; init; } = 0.2;

    /// <summary>Seed of weights, windows and the draw of artists.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads of ONNX Runtime; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Everything wrong with these options; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool ok, string error)
        {
            if (!ok)
            {
                errors.Add(error);
            }
        }

        Check(PictureSteps >= 1, $"picture-steps is {PictureSteps}; it must be at least 1");
        Check(FeatureSteps >= 1, $"feature-steps is {FeatureSteps}; it must be at least 1");
        Check(TuneSteps >= 0, $"tune-steps is {TuneSteps}; it must be 0 (the backbone stays as it is) or more");
        Check(BatchWindows >= 2, $"the batch is {BatchWindows}; batch normalisation needs at least 2 windows");
        Check(LearningRate > 0, $"the learning rate is {LearningRate}; it must be above 0");
        Check(Channels >= 1, $"channels is {Channels}; it must be at least 1");
        Check(HoldOutArtists is > 0 and < 1, $"the share of artists held back is {HoldOutArtists}; it must be above 0 and below 1");
        Check(Threads >= 0, $"threads is {Threads}; it must be 0 (one per core) or more");
        return errors;
    }
}

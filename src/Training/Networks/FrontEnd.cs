using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Networks;

/// <summary>What a network hears: the part of a <see cref="ModelContract"/> that its recipe settles. The defaults are the default front end's.</summary>
internal sealed record FrontEnd
{
    /// <summary>How mel frames are made of audio.</summary>
    public MelOptions Mel { get; init; } = new();

    /// <summary>Audio under one window, in seconds.</summary>
    public double WindowSeconds { get; init; } = 3;

    /// <summary>Frames that the network takes at once; null for the whole window.</summary>
    public int? PatchFrames { get; init; }

    /// <summary>Frames from one patch to the next where a window holds several; null for patches side by side.</summary>
    public int? PatchHopFrames { get; init; }

    /// <summary>Dynamic range of a window under its maximum, in the unit of the log rule; null for no floor.</summary>
    public double? FloorBelowMax { get; init; } = 80;

    /// <summary>How patches are normalised.</summary>
    public WindowNormalization Normalization { get; init; } = WindowNormalization.Standardize;

    /// <summary>
    /// The same duration of an npz's mels, whose front end was settled when they were made: the default one. The network brings their picture to its
    /// own size inside the graph, unless it takes that front end's already. Wavelet bands are still asked for, so that reading the npz says that it has none.
    /// </summary>
    public FrontEnd OfStoredMels()
    {
        var stored = new MelOptions { Wavelet = Mel.Wavelet };
        return Mel == stored ? this : new() { WindowSeconds = WindowSeconds, Mel = stored };
    }

    /// <summary>The contract of a model with this front end.</summary>
    public ModelContract Contract(string name, string version, IReadOnlyList<string> labels)
    {
        var window = new ModelContract
        {
            Name = name,
            Version = version,
            Labels = labels,
            Mel = Mel,
            WindowSeconds = WindowSeconds,
            FloorBelowMax = FloorBelowMax,
            Normalization = Normalization,
        };
        var frames = PatchFrames ?? window.WindowFrames;
        return window with { PatchFrames = frames, PatchHopFrames = PatchHopFrames ?? frames };
    }

    /// <summary>Everything wrong with this front end, each with the offending value; empty when it is sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        // A contract counts frames, which needs a sound front end.
        if (Mel.Errors() is { Count: > 0 } unsound)
        {
            return unsound;
        }

        var errors = Contract("any", "0", ["one", "other"]).Errors();
        return errors.Count > 0 ? errors : Contract("any", "0", ["one", "other"]).PatchFrames < 2 ? [$"a window of {WindowSeconds} s holds fewer than 2 frames"] : [];
    }
}

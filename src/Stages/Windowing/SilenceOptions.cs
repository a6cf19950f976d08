namespace StreamGenre.Stages.Windowing;

/// <summary>The two levels of a <see cref="LevelGate"/>.</summary>
public sealed record SilenceOptions
{
    /// <summary>Lowest level of a gate, in dB under full scale.</summary>
    public const double MinDbfs = -200;

    /// <summary>
    /// A window under this level closes the gate: it is silent, and is not classified; in dB under full scale, −200..0; −60: what lies lower is a pause, the
    /// end of a fade-out, or the noise of a channel that carries nothing.
    /// </summary>
    public double CloseDbfs { get; init; } = -60;

    /// <summary>
    /// A window at this level or over opens a closed gate; <see cref="CloseDbfs"/>..0; 6 dB over it, twice the amplitude: more than the level of hiss and
    /// hum wanders by, so that a sound about as loud as the gate does not switch it at every window.
    /// </summary>
    public double OpenDbfs { get; init; } = -54;

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (CloseDbfs is not (>= MinDbfs and <= 0))
        {
            errors.Add($"silence.close_dbfs is {CloseDbfs}; it must be {MinDbfs}..0");
        }
        else if (!(OpenDbfs >= CloseDbfs && OpenDbfs <= 0))
        {
            errors.Add($"silence.open_dbfs is {OpenDbfs}; it must be {CloseDbfs}..0: silence.close_dbfs or over");
        }

        return errors;
    }
}

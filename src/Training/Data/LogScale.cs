using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>What one unit of a contract's cells is: they are logarithms by its rule, of power or of magnitude.</summary>
internal sealed class LogScale
{
    private readonly double _offset;

    // Of what the natural logarithm is taken of: 1 for power, 2 for magnitude.
    private readonly double _exponent;

    /// <summary>The scale of a front end's cells.</summary>
    public LogScale(MelOptions mel)
    {
        var perBel = mel.LogRule == LogRule.Decibel ? 10 : Math.Log(10);
        PerDecibel = perBel / (mel.Spectrum == SpectrumKind.Power ? 10 : 20);

        // A decibel front end's offset only bounds silence; the natural one's is a part of every cell and no power.
        _offset = mel.LogRule == LogRule.NaturalWithOffset ? mel.LogOffset : 0;
        _exponent = mel.Spectrum == SpectrumKind.Power ? 1 : 2;
        Least = mel.LogRule == LogRule.NaturalWithOffset ? (float)Math.Log(mel.LogOffset) : float.NegativeInfinity;
    }

    /// <summary>How much a cell grows by when the sound gets 1 dB louder.</summary>
    public double PerDecibel { get; }

    /// <summary>What silence is.</summary>
    public float Least { get; }

    /// <summary>The power of a cell, not negative.</summary>
    public double ToPower(float cell) => _offset > 0
        ? Math.Pow(Math.Max(0, Math.Exp(cell) - _offset), _exponent)
        : Math.Pow(10, cell / PerDecibel / 10);

    /// <summary>Adds another sound's power to a sound's, cell by cell.</summary>
    /// <param name="cells">The sound; gets the sum.</param>
    /// <param name="others">The other sound, as many cells.</param>
    /// <param name="gain">What the other sound's power is multiplied by.</param>
    public void Add(Span<float> cells, ReadOnlySpan<float> others, double gain)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = FromPower(ToPower(cells[i]) + (ToPower(others[i]) * gain));
        }
    }

    /// <summary>The cell of a power; the inverse of <see cref="ToPower"/>.</summary>
    public float FromPower(double power) => _offset > 0
        ? (float)Math.Log(Math.Pow(power, 1 / _exponent) + _offset)
        : (float)(10 * Math.Log10(power) * PerDecibel);
}

using System.Numerics;

namespace StreamGenre.Stages.Windowing;

/// <summary>
/// Root mean square over the last samples of a stream, in blocks of <see cref="BlockSamples"/> on the stream's own grid, so that overlapping
/// windows cost one pass and any chunking adds the same numbers in the same order.
/// </summary>
internal sealed class LevelMeter(int windowSamples)
{
    /// <summary>6 ms at 22,050 Hz.</summary>
    public const int BlockSamples = 128;

    /// <summary>What silence reads; 16-bit noise of one step lies at −101.</summary>
    public const double FloorDbfs = -120;

    private readonly float[] _energies = new float[(windowSamples / BlockSamples) + 1];
    private readonly float[] _block = new float[BlockSamples];
    private int _filled;
    private long _blocks;

    public void Push(ReadOnlySpan<float> samples)
    {
        while (samples.Length > 0)
        {
            var taken = Math.Min(samples.Length, BlockSamples - _filled);
            samples[..taken].CopyTo(_block.AsSpan(_filled));
            samples = samples[taken..];
            _filled += taken;
            if (_filled == BlockSamples)
            {
                _energies[_blocks % _energies.Length] = BlockEnergy();
                _blocks++;
                _filled = 0;
            }
        }
    }

    /// <summary>Level of the whole blocks between two sample counts, the later of which has just been reached.</summary>
    public double Dbfs(long start, long end)
    {
        var first = Math.Max((start + BlockSamples - 1) / BlockSamples, _blocks - _energies.Length);
        var last = end / BlockSamples;
        var sum = 0.0;
        for (var block = first; block < last; block++)
        {
            sum += _energies[block % _energies.Length];
        }

        var meanSquare = last > first ? sum / ((last - first) * BlockSamples) : 0;
        return meanSquare > 0 ? Math.Max(FloorDbfs, 10 * Math.Log10(meanSquare)) : FloorDbfs;
    }

    private float BlockEnergy()
    {
        var sum = Vector<float>.Zero;
        for (var i = 0; i < BlockSamples; i += Vector<float>.Count)
        {
            var samples = new Vector<float>(_block, i);
            sum += samples * samples;
        }

        return Vector.Sum(sum);
    }
}

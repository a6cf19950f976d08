using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>What all spectrograms of the same options share: the window function and the mel bands.</summary>
internal sealed class MelTables
{
    private static readonly SharedTables<MelOptions, MelTables> Shared = new(options => new MelTables(options));

    private MelTables(MelOptions options)
    {
        Bank = new MelFilterBank(options);
        Window = new double[options.FrameSamples];
        for (var n = 0; n < Window.Length; n++)
        {
            var turn = Math.Cos(2 * Math.PI * n / Window.Length);
            Window[n] = options.WindowFunction switch
            {
                WindowFunction.HannPeriodic => 0.5 - (0.5 * turn),
                WindowFunction.HammingPeriodic => 0.54 - (0.46 * turn),
                _ => 1,
            };
        }
    }

    public MelFilterBank Bank { get; }

    public double[] Window { get; }

    public static MelTables Get(MelOptions options) => Shared.Get(options);
}

using System.Collections.Concurrent;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>What all spectrograms of the same options share: the window function, the mel bands, and the scratch of those that are at work.</summary>
internal sealed class MelTables
{
    private static readonly SharedTables<MelOptions, MelTables> Shared = new(options => new MelTables(options));

    private readonly MelOptions _options;
    private readonly ConcurrentBag<MelScratch> _scratch = [];

    private MelTables(MelOptions options)
    {
        _options = options;
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

    /// <summary>Lends scratch; there are as many as threads have ever been at work at once.</summary>
    public MelScratch Rent() => _scratch.TryTake(out var scratch) ? scratch : new MelScratch(_options, Bank);

    /// <summary>Takes scratch back.</summary>
    public void Return(MelScratch scratch) => _scratch.Add(scratch);

    public static MelTables Get(MelOptions options) => Shared.Get(options);
}

using System.Globalization;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Tests.Golden;
using StreamGenre.Stages.Tests.Mel;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Stages.Tests.Wavelet;

public sealed class WaveletCascadeTests
{
    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Push_LongSignal_EqualsPyWaveletsPacket(string config)
    {
        var options = WaveletConfigs.ByName[config];
        var samples = MelSpectrogramTests.Signal(options.SampleRateHz);
        var cascade = new WaveletCascade(options.Wavelet!, samples.Length);
        cascade.Push(samples);
        var rows = GoldenTable.Read("wavelet_coefficients.csv").Where(row => row[0] == config).ToArray();

        Assert.Equal(options.Wavelet!.Bands, rows.Select(row => row[1]).Distinct().Count());
        foreach (var row in rows)
        {
            var (band, n) = (int.Parse(row[1], CultureInfo.InvariantCulture), int.Parse(row[2], CultureInfo.InvariantCulture));
            // The loudest coefficients of these signals are about 4; single precision adds 1e-7 of them at each stage.
            Assert.Equal(double.Parse(row[3], CultureInfo.InvariantCulture), cascade.Coefficients[band].Samples.Span[n], 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Push_Noise_KeepsItsEnergy(string config)
    {
        var wavelet = WaveletConfigs.ByName[config].Wavelet!;
        var random = new Random(4);
        // Silence behind the noise lets all of it come out of the filters.
        float[] samples = [.. Enumerable.Range(0, 1 << 16).Select(n => n < 1 << 14 ? (float)(random.NextDouble() - 0.5) : 0)];
        var cascade = new WaveletCascade(wavelet, samples.Length);

        cascade.Push(samples);

        var energy = cascade.Coefficients.Sum(node => node.Samples.Span[..node.Filled].ToArray().Sum(c => (double)c * c));
        Assert.Equal(samples.Sum(s => (double)s * s), energy, 1e-3);
    }

    [Theory]
    [MemberData(nameof(WaveletConfigs.Names), MemberType = typeof(WaveletConfigs))]
    public void Bands_ToneAtACentre_IsLoudestInItsBand(string config)
    {
        var options = WaveletConfigs.ByName[config];
        var centers = options.Wavelet!.CentersHz(options.SampleRateHz);
        for (var band = 0; band < centers.Length; band++)
        {
            var cascade = new WaveletCascade(options.Wavelet, 1 << 15);
            cascade.Push([.. Enumerable.Range(0, 1 << 15).Select(n => (float)Math.Sin(2 * Math.PI * centers[band] * n / options.SampleRateHz))]);

            var powers = cascade.Coefficients.Select(node => node.Samples.Span[..node.Filled].ToArray().Sum(c => (double)c * c)).ToList();

            Assert.Equal(band, powers.IndexOf(powers.Max()));
        }
    }
}

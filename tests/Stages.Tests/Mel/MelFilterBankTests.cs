using System.Globalization;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Mel;

public sealed class MelFilterBankTests
{
    [Theory]
    [MemberData(nameof(MelConfigs.Names), MemberType = typeof(MelConfigs))]
    public void Weight_EachConvention_EqualsNumpysForms(string config)
    {
        var bank = new MelFilterBank(MelConfigs.ByName[config]);
        var rows = GoldenTable.Read("filterbank.csv").Where(row => row[0] == config)
            .ToDictionary(
                row => (Band: int.Parse(row[1], CultureInfo.InvariantCulture), Bin: int.Parse(row[2], CultureInfo.InvariantCulture)),
                row => double.Parse(row[3], CultureInfo.InvariantCulture));
        var peak = rows.Values.Max();
        Assert.True(rows.Count > 20);

        for (var band = 0; band < bank.MelBins; band += 7)
        {
            for (var bin = 0; bin < bank.FftBins; bin++)
            {
                Assert.Equal(rows.GetValueOrDefault((band, bin)), bank.Weight(band, bin), peak * 1e-12);
            }
        }
    }

    [Fact]
    public void Weight_SlaneyDefault_EqualsLibrosasTableWhereTheDataIsAtHand()
    {
        if (SharedData.Path("data", "reference-mel", "mel_filterbank_22050_2048_128.npy") is not { } path)
        {
            // Without the table, its defining property: Slaney's norm gives every band an area of about 1 over Hz.
            var own = new MelFilterBank(new MelOptions());
            var area = Enumerable.Range(0, own.FftBins).Sum(bin => own.Weight(127, bin)) * 22_050 / 2048;
            Assert.Equal(1, area, 0.01);
            return;
        }

        var expected = NpyArray.Read(path);
        var bank = new MelFilterBank(new MelOptions());
        Assert.Equal([bank.MelBins, bank.FftBins], expected.Shape);
        var peak = expected.Values.Max();
        for (var i = 0; i < expected.Values.Length; i++)
        {
            Assert.Equal(expected.Values[i], bank.Weight(i / bank.FftBins, i % bank.FftBins), 1e-6 * peak);
        }
    }

    [Fact]
    public void Weight_BandNarrowerThanABin_IsEmptyAndSumsToNothing()
    {
        var options = new MelOptions { FftSize = 256, FrameSamples = 256, MelBins = 256 };
        var bank = new MelFilterBank(options);

        Assert.Contains(Enumerable.Range(0, 256), band => Enumerable.Range(0, 129).All(bin => bank.Weight(band, bin) == 0));
        Assert.All(MelSpectrogram.Compute(options, new float[4_000]), value => Assert.Equal(-100, value, 1e-3));
    }

    [Fact]
    public void Constructor_BadOptions_ListsEveryError()
    {
        var error = Assert.Throws<ModelContractException>(() => new MelFilterBank(new MelOptions { MelBins = 0, MaxFrequencyHz = 12_000, FftSize = 8 }));

        Assert.Equal(4, error.Errors.Count);
        Assert.Contains("max_frequency_hz is 12000", error.Message, StringComparison.Ordinal);
    }
}

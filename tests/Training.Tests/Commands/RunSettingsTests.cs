using System.CommandLine;

using StreamGenre.Training.Commands;
using StreamGenre.Training.Data;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;
using StreamGenre.Training.Tests.Networks;

namespace StreamGenre.Training.Tests.Commands;

public class RunSettingsTests
{
    public static TheoryData<string> Networks => [.. NetworkCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Read_NothingGiven_IsTheNetworksRecipe(string network)
    {
        var options = Read("--data", "a", "--network", network);

        Assert.Equal(NetworkCatalog.Find(network).Recipe with { Network = network, Data = options.Data, Validation = options.Validation }, options);
        Assert.Equal(["a"], options.Data);
        Assert.Empty((options with { Init = NetworkCatalog.Find(network).OnBackbone is null ? null : "backbone.onnx" }).Errors());
    }

    [Fact]
    public void Read_SplitOfTheRecipe_GivesWayToAValidationSet()
    {
        Assert.Equal("random:0.6/0.4", Read("--data", "a", "--network", "cnn-256").SplitBy);
        Assert.Null(Read("--data", "a", "--validate", "b", "--network", "cnn-256").SplitBy);
        Assert.Equal("official", Read("--data", "a", "--validate", "b", "--network", "cnn-256", "--split-by", "official").SplitBy);
    }

    [Fact]
    public void Read_StoredMels_KeepTheirFrontEndAndTheRecipesDuration()
    {
        var options = Read("--data", "a", "--validate", "b.npz", "--network", "parallel-cnn");

        Assert.Equal(new FrontEnd { WindowSeconds = 2 }, options.FrontEnd);
    }

    [Fact]
    public void Read_StoredMelsAndAnotherFrontEnd_RefusesNamingTheOption()
    {
        var error = Assert.Throws<TrainingException>(() => Read("--data", "a.npz", "--hop", "512"));

        Assert.Contains("--hop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NpzAloneAndAFold_IsRefusedForNothingIsHeldBack()
    {
        var error = Assert.Throws<TrainingException>(() => Read("--data", "a.npz", "--fold", "2"));

        Assert.Contains("so --fold has no effect; add --split-by", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Read("--data", "a.npz", "--holdout-artists", "0").HoldOutArtists);
        Assert.Equal(2, Read("--data", "a.npz", "b", "--fold", "2").Fold);
        Assert.Equal(2, Read("--data", "a.npz", "--split-by", "artist:0.5/0.5", "--fold", "2").Fold);
    }

    [Fact]
    public void Errors_LayerToUnfreezeFromWhereAllEpochsAreFrozen_IsRefused()
    {
        var error = Assert.Single(Read("--data", "a", "--network", "mobilenet", "--init", TestBackbone.For("mobilenet")!, "--unfreeze-from", "c9", "--epochs", "5").Errors());

        Assert.Equal("frozen-epochs is 10 of 5 epochs, so nothing is unfrozen; make it less, or leave out --unfreeze-from (c9)", error);
    }

    [Fact]
    public void Read_AnotherRate_TakesTheBandsAlongToItsTop()
    {
        var slow = Read("--data", "a", "--sample-rate", "16000").FrontEnd;

        Assert.Equal((8000.0, 0.0), (slow.Mel.MaxFrequencyHz, slow.Mel.MinFrequencyHz));
        Assert.Empty(slow.Errors());
        var narrow = Read("--data", "a", "--sample-rate", "44100", "--min-hz", "30", "--max-hz", "16000").FrontEnd.Mel;
        Assert.Equal((44100, 30.0, 16000.0), (narrow.SampleRateHz, narrow.MinFrequencyHz, narrow.MaxFrequencyHz));
    }

    [Fact]
    public void Read_OptionsGiven_ReplaceTheirPropertiesAlone()
    {
        var recipe = NetworkCatalog.Find(NetworkCatalog.DefaultName).Recipe;

        var options = Read(
            "--data", "a.npz", "b", "--validate", "v.npz", "--optimizer", "sgd", "--momentum", "0.5", "--schedule", "cosine", "--warm-up", "0.1",
            "--clip-norm", "0", "--average-decay", "0", "--eq", "2");

        var expected = recipe with
        {
            Data = options.Data,
            Validation = options.Validation,
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0.5,
            Schedule = ScheduleKind.Cosine,
            WarmUpShare = 0.1,
            ClipNorm = 0,
            AverageDecay = 0,
            Augmentation = recipe.Augmentation with { EqualizerDecibels = 2 },
        };
        Assert.Equal(expected, options);
        Assert.Equal(["a.npz", "b"], options.Data);
        Assert.Equal(["v.npz"], options.Validation);
    }

    [Fact]
    public void Read_NoAugmentationButMixup_MixesAlone() => Assert.Equal(
        AugmentationOptions.None with { MixupAlpha = 0.2 }, Read("--data", "a.npz", "--no-augmentation", "--mixup", "0.2").Augmentation);

    [Fact]
    public void Parse_UnknownChoice_NamesTheChoices()
    {
        var error = Assert.Single(Parse("--data", "a.npz", "--schedule", "steps").Parsed.Errors);

        Assert.Equal("--schedule is 'steps'; it must be one of one-cycle, cosine, constant", error.Message);
    }

    private static TrainingRunOptions Read(params string[] arguments)
    {
        var (settings, parsed) = Parse(arguments);
        Assert.Empty(parsed.Errors);
        return settings.Read(parsed);
    }

    private static (RunSettings Settings, ParseResult Parsed) Parse(params string[] arguments)
    {
        var settings = new RunSettings();
        var command = new Command("train");
        settings.Options.ToList().ForEach(command.Options.Add);
        return (settings, command.Parse(arguments));
    }
}

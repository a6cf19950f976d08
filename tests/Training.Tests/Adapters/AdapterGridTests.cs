using StreamGenre.Stages.Contract;
using StreamGenre.Training.Adapters;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Adapters;

public class AdapterGridTests
{
    private static readonly ModelContract Window = new FrontEnd().Contract("window", "0", ["one", "other"]);

    private static readonly AdapterGrid Grid = new(Window, YamnetFrontEnd.Mel, YamnetFrontEnd.Frames);

    [Fact]
    public void Constructor_DefaultWindow_HoldsThreePictures()
    {
        Assert.Equal(3, Grid.Pictures);
        Assert.Equal(288, Grid.Frames);
    }

    [Fact]
    public void Constructor_WindowShorterThanAPicture_IsRefused()
    {
        var second = new FrontEnd { WindowSeconds = 0.9 }.Contract("window", "0", ["one", "other"]);

        var error = Assert.Throws<TrainingException>(() => new AdapterGrid(second, YamnetFrontEnd.Mel, YamnetFrontEnd.Frames));

        Assert.Contains("holds no picture of 96 frames, 0.96 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.234)]
    [InlineData(17.5)]
    public void Interpolation_TimesOfTheWindow_GivesTheTimesOfTheBackbonesFrames(double start)
    {
        var matrix = Grid.Interpolation();
        for (var frame = 0; frame < Grid.Frames; frame++)
        {
            var time = Enumerable.Range(0, Window.PatchFrames)
                .Sum(own => matrix[(own * Grid.Frames) + frame] * (start + AdapterGrid.Centre(Window.Mel, own)));

            // The backbone's frames lie 10 ms apart, so the nearest is never farther off than 5.
            Assert.Equal(AdapterGrid.Centre(YamnetFrontEnd.Mel, Grid.FirstFrame(start) + frame), time, 0.0051);
        }
    }
}

using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Windowing;

public sealed class MelWindowTests
{
    [Fact]
    public void Patch_OfSeveral_ShowsItsOwnCells()
    {
        using var window = new MelWindow(2, 3);
        Assert.Equal(new float[6], window.Cells.ToArray());
        float[] cells = [1, 2, 3, 4, 5, 6];
        cells.CopyTo(window.Cells);

        Assert.Equal([4f, 5, 6], window.Patch(1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Patch(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Patch(-1).Length);
    }

    [Fact]
    public void Cells_AfterDispose_Throw()
    {
        var window = new MelWindow(1, 1);
        window.Dispose();
        window.Dispose();

        Assert.Throws<ObjectDisposedException>(() => window.Cells.Length);
    }
}

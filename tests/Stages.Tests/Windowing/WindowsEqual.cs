using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Windowing;

/// <summary>Compares streams of windows bit by bit.</summary>
internal static class WindowsEqual
{
    public static bool ToTheBit(IReadOnlyList<MelWindow> a, IReadOnlyList<MelWindow> b)
        => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second));

    private static bool Same(MelWindow a, MelWindow b)
        => a.Index == b.Index && a.Start == b.Start && a.End == b.End && a.IsPartial == b.IsPartial && a.LevelDbfs.Equals(b.LevelDbfs)
            && a.Cells.SequenceEqual(b.Cells);
}

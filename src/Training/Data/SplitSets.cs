namespace StreamGenre.Training.Data;

/// <summary>The sides of a split set; all three know the whole set's labels.</summary>
/// <param name="Training">Learnt from.</param>
/// <param name="Validation">Measured on while choosing.</param>
/// <param name="Test">Measured on at the end; empty where the split has no third side.</param>
/// <param name="LeftOut">Clips that the split puts on no side, such as those the fault-filtered lists leave out.</param>
internal sealed record SplitSets(MelSet Training, MelSet Validation, MelSet Test, int LeftOut)
{
    /// <summary>One side.</summary>
    public MelSet this[SplitSide side] => side switch
    {
        SplitSide.Training => Training,
        SplitSide.Validation => Validation,
        _ => Test,
    };

    /// <summary>One line: clips of each side, and what the sides have in common that they should not.</summary>
    public override string ToString()
    {
        var trained = Training.Clips.Select(clip => clip.Group).ToHashSet(StringComparer.Ordinal);
        var held = Validation.Clips.Concat(Test.Clips).Select(clip => clip.Group).Distinct(StringComparer.Ordinal).ToList();
        var shared = held.Count(trained.Contains);
        return $"{Training.Clips.Count} training, {Validation.Clips.Count} validation, {Test.Clips.Count} test"
            + (LeftOut > 0 ? $", {LeftOut} left out" : "")
            + (shared > 0 ? $"; {shared} of {held.Count} artists held back are trained on too, so figures flatter" : "");
    }
}

namespace StreamGenre.Training.Data;

/// <summary>What a clip is for.</summary>
internal enum SplitSide
{
    /// <summary>Learnt from.</summary>
    Training,

    /// <summary>Measured on while choosing: epochs, temperature, networks.</summary>
    Validation,

    /// <summary>Measured on once everything is chosen; training never looks at it.</summary>
    Test,
}

namespace StreamGenre.Training.Graph;

/// <summary>What a graph is built for; the same forward function builds either.</summary>
internal enum GraphMode
{
    /// <summary>Batch statistics in normalisation, dropout on, operations recorded for <see cref="Gradients.Backward"/>.</summary>
    Training,

    /// <summary>Running statistics, dropout off, parameters as constants.</summary>
    Inference,
}

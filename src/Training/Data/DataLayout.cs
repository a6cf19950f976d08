using System.Text.Json.Serialization;

namespace StreamGenre.Training.Data;

/// <summary>The forms of a data set's folder.</summary>
internal enum DataLayout
{
    /// <summary>Whatever lies there, looked for in the order of the other values.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The Free Music Archive's: <c>fma_metadata/tracks.csv</c> beside <c>fma_small</c>, <c>fma_medium</c>, <c>fma_large</c> or <c>fma_full</c>.</summary>
    [JsonStringEnumMemberName("fma")]
    Fma,

    /// <summary>Recordings named in an <c>index.csv</c>.</summary>
    [JsonStringEnumMemberName("index")]
    Index,

    /// <summary>GTZAN as published: <c>genres/blues/blues.00000.au</c>, or <c>genres_original/blues/blues.00000.wav</c>.</summary>
    [JsonStringEnumMemberName("gtzan")]
    Gtzan,

    /// <summary>One sub-folder a genre.</summary>
    [JsonStringEnumMemberName("folders")]
    Folders,
}

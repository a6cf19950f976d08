using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages.Contract;

namespace StreamGenre.StreamHost.Services;

/// <summary>Models, as the wire carries them.</summary>
internal static class WireModel
{
    /// <summary>Writes a model's description.</summary>
    public static V1.GetModelResponse Write(ModelContract contract, string executionProvider) => new()
    {
        Name = contract.Name,
        Version = contract.Version,
        Labels = { contract.Labels },
        SampleRateHz = contract.Mel.SampleRateHz,
        Window = Duration.FromTimeSpan(TimeSpan.FromSeconds(contract.WindowSeconds)),
        MelBins = contract.Mel.MelBins,
        PatchFrames = contract.PatchFrames,
        TrainingData = contract.TrainingData,
        License = contract.License,
        ExecutionProvider = executionProvider,
        Contract = { contract.ToMetadata().ToDictionary() },
    };
}

using Google.Protobuf;

using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;

namespace StreamGenre.Training.Quantization;

/// <summary>
/// A finished model in fewer bits, as ordinary ONNX operators: it is loaded and served like the one that it was made of, from floats to floats and under the
/// same contract but for its version, which says what it is (<c>2.0.0+int8</c>).
/// </summary>
internal static class ModelPrecision
{
    /// <summary>Names of the precisions, as options take them.</summary>
    public static readonly string[] Names = ["int8", "fp16"];

    /// <summary>Converts a model.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="precision">One of <see cref="Names"/>.</param>
    /// <param name="calibration">What <c>int8</c> takes the ranges of activations from; sound like that which the model will hear.</param>
    /// <exception cref="TrainingException">The model can't be converted, or there is nothing to calibrate by.</exception>
    public static byte[] Convert(byte[] model, ModelContract contract, string precision, MelSet calibration)
    {
        var proto = ModelProto.Parser.ParseFrom(model);
        var converted = precision switch
        {
            "int8" => Int8Quantization.Quantize(proto, names => ActivationRanges.Measure(proto, contract, calibration, names)),
            "fp16" => HalfPrecision.Convert(proto),
            _ => throw new ArgumentException($"precision is '{precision}'; it must be {string.Join(" or ", Names)}.", nameof(precision)),
        };
        Exporter.SetMetadata(converted, (contract with { Version = $"{contract.Version}+{precision}" }).ToMetadata());
        return converted.ToByteArray();
    }
}

using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <summary>Tensors and value descriptions in ONNX's wire form.</summary>
internal static class OnnxTensor
{
    public static TensorProto Of<T>(string name, TensorShape shape, DataType type, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.AddRange(shape.ToArray());
        return tensor;
    }

    /// <summary>A tensor of the real type <paramref name="type"/> (float or double) from float values.</summary>
    public static TensorProto OfReal(string name, TensorShape shape, DataType type, ReadOnlySpan<float> values)
    {
        if (type == DataType.Float)
        {
            return Of(name, shape, type, values);
        }

        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            doubles[i] = values[i];
        }

        return Of<double>(name, shape, type, doubles);
    }

    public static float[] Floats(TensorProto tensor) => tensor.HasRawData
        ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
        : [.. tensor.FloatData];

    public static ValueInfoProto Info(string name, TensorShape shape, DataType type)
    {
        var dims = new TensorShapeProto();
        foreach (var dim in shape.Dims)
        {
            dims.Dim.Add(dim == TensorShape.Symbolic
                ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
                : new TensorShapeProto.Types.Dimension { DimValue = dim });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dims } } };
    }
}

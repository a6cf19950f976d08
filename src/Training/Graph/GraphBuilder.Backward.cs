using System.Runtime.InteropServices;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <content>What only gradient rules use.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>The transposed convolution that gives an image of the shape <paramref name="output"/>.</summary>
    internal Value ConvTranspose(Value x, Value weight, Window2D window, long[] outputPadding, long groups, TensorShape output) => Node(
        "ConvTranspose",
        [x, weight],
        output,
        [.. window.Attributes(), OnnxAttribute.Of("output_padding", outputPadding), OnnxAttribute.Of("group", groups)]);

    /// <summary>
    /// Zeros but for x's values at the flat places <paramref name="indices"/>, which must not repeat. The kernel only bounds the output's shape, which
    /// is given, so it is 1: a real one would refuse an output cut short by ceil mode.
    /// </summary>
    internal Value MaxUnpool(Value x, Value indices, TensorShape output) => Node(
        "MaxUnpool",
        [x, indices, Ints(output.ToArray())],
        output,
        OnnxAttribute.Of("kernel_shape", [1L, 1L]),
        OnnxAttribute.Of("strides", [1L, 1L]));

    /// <summary><paramref name="data"/> with updates added at places that may repeat; all of rank 1.</summary>
    internal Value ScatterAdd(Value data, Value indices, Value updates) => Node(
        "ScatterElements", [data, indices, updates], data.Shape, OnnxAttribute.Of("axis", 0L), OnnxAttribute.Of("reduction", "add"));

    /// <summary>Slices of one axis, picked by number; each is copied as a whole, so the axis should not be the last.</summary>
    internal Value Gather(Value x, int axis, ReadOnlySpan<long> picked)
    {
        var name = NewName("picked");
        var shape = new TensorShape(picked.Length);
        var indices = new Value(name, shape, DataType.Int64);
        _constants.Add(name, (indices, OnnxTensor.Of(name, shape, DataType.Int64, picked)));
        return Node("Gather", [x, indices], x.Shape.With(axis, picked.Length), OnnxAttribute.Of("axis", (long)axis));
    }

    /// <summary>
    /// 1 where x &gt; 0, else 0. HardSigmoid at its steepest, max(0, min(1, αx)), for ONNX Runtime runs that on all threads with vector instructions, ten
    /// times as fast as Sign or as a comparison with a cast; only subnormal numbers come out between 0 and 1.
    /// </summary>
    internal Value IsPositive(Value x) => x.Type == DataType.Float
        ? Node("HardSigmoid", [x], x.Shape, OnnxAttribute.Of("alpha", float.MaxValue), OnnxAttribute.Of("beta", 0f))
        : Cast(Greater(x, Cast(Scalar(0), x.Type)), x.Type);

    /// <summary>1 where x ≥ 0, else 0, by the same means; x of type float.</summary>
    internal Value IsNotNegative(Value x) =>
        Node("HardSigmoid", [x], x.Shape, OnnxAttribute.Of("alpha", float.MaxValue), OnnxAttribute.Of("beta", 1f));

    /// <summary>1 where a = b, else 0, as numbers of a's type.</summary>
    internal Value AreEqual(Value a, Value b) => a.Type == DataType.Float
        ? Node("HardSigmoid", [Abs(Sub(a, b))], TensorShape.Broadcast(a.Shape, b.Shape), OnnxAttribute.Of("alpha", -float.MaxValue), OnnxAttribute.Of("beta", 1f))
        : Cast(Equal(a, b), a.Type);

    /// <summary>The numbers of a constant made by <see cref="Ints"/>.</summary>
    internal long[] IntsOf(Value constant)
    {
        var tensor = _constants.Values.Single(candidate => candidate.Value == constant && constant.Type == DataType.Int64).Tensor;
        return MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();
    }

    /// <summary>Start and step of a slice on every axis of its input.</summary>
    internal (long[] Starts, long[] Steps) SliceOf(Operation slice)
    {
        var rank = slice.Inputs[0]!.Rank;
        var (starts, steps) = (new long[rank], new long[rank]);
        steps.AsSpan().Fill(1);
        var axes = IntsOf(slice.Inputs[3]!);
        for (var i = 0; i < axes.Length; i++)
        {
            starts[axes[i]] = IntsOf(slice.Inputs[1]!)[i];
            steps[axes[i]] = IntsOf(slice.Inputs[4]!)[i];
        }

        return (starts, steps);
    }
}

using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <content>
/// Depthwise convolution on images in blocks of channels, [batch, channels / block, height, width, block], by ONNX Runtime's own operators, which its
/// optimiser writes into graphs whose weights are constants. In training they are not, and the standard operator gathers the inputs under each tap of each
/// channel for a matrix product of one row, which takes several times as long. Shapes are given as if channels were not in blocks.
/// </content>
internal sealed partial class GraphBuilder
{
    private const string BlocksDomain = "com.microsoft.nchwc";

    /// <summary>The largest block on any processor; smaller ones divide it.</summary>
    private const long LargestBlock = 16;

    private readonly Dictionary<Value, Value> _blocked = [];

    /// <summary>Whether <see cref="Conv"/> writes a convolution by blocks: one input and one output a group, in whole blocks.</summary>
    internal bool TakesBlocks(Value x, Value weight, long groups) =>
        blockedKernels && Mode == GraphMode.Training && x.Type == DataType.Float
        && weight.Shape[0] == groups && weight.Shape[1] == 1 && groups % LargestBlock == 0;

    /// <summary>An image in blocks; the same one for every use of <paramref name="image"/>.</summary>
    internal Value Blocked(Value image)
    {
        if (!_blocked.TryGetValue(image, out var blocked))
        {
            blocked = BlocksNode("ReorderInput", [image], image.Shape);
            _blocked.Add(image, blocked);
        }

        return blocked;
    }

    /// <summary>An image in blocks in the usual order again.</summary>
    internal Value Unblocked(Value blocked) => BlocksNode("ReorderOutput", [blocked], blocked.Shape, OnnxAttribute.Of("channels", blocked.Shape[1]));

    /// <summary>y[n,c,p] = Σ_k w[c,k]·x[n,c,s·p + d·k − pad] + b[c].</summary>
    /// <param name="x">[batch, channels, height, width] in blocks.</param>
    /// <param name="kernels">[1, channels, kernel height, kernel width] in blocks.</param>
    /// <param name="bias">[channels].</param>
    /// <param name="window">Whose kernel is the kernels' size.</param>
    internal Value BlockedDepthwise(Value x, Value kernels, Value? bias, Window2D window)
    {
        var channels = x.Shape[1];
        var weight = Reshape(kernels, new TensorShape(channels, 1, kernels.Shape[2], kernels.Shape[3]));
        return BlocksNode(
            "Conv", [x, weight, bias], window.Output(x.Shape, channels), [.. window.Attributes(), OnnxAttribute.Of("group", channels)]);
    }

    /// <summary>A depthwise convolution in standard layout, worked out by blocks.</summary>
    private Value DepthwiseByBlocks(Value x, Value weight, Value? bias, Window2D window)
    {
        var kernels = Reshape(weight, new TensorShape(1, weight.Shape[0], weight.Shape[2], weight.Shape[3]));
        return Unblocked(BlockedDepthwise(Blocked(x), Blocked(kernels), bias, window));
    }

    private Value BlocksNode(string type, IReadOnlyList<Value?> inputs, TensorShape shape, params AttributeProto[] attributes)
    {
        var output = new Value(NewName(type), shape, DataType.Float);
        var node = NewNode(type, inputs, [output], attributes);
        node.Domain = BlocksDomain;
        _nodes.Add(node);
        return output;
    }
}

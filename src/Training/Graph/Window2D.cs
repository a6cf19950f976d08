using Onnx;

namespace StreamGenre.Training.Graph;

/// <summary>How a kernel is laid over an image: all lists are [height, width], pads [top, left, bottom, right].</summary>
internal sealed record Window2D
{
    public required long[] Kernel { get; init; }

    public long[] Strides { get; init; } = [1, 1];

    public long[] Pads { get; init; } = [0, 0, 0, 0];

    public long[] Dilations { get; init; } = [1, 1];

    /// <summary>Whether a last window that hangs over the edge counts (pooling only).</summary>
    public bool Ceil { get; init; }

    /// <summary>Whether no two windows share a cell.</summary>
    public bool IsDisjoint => Strides[0] >= Reach(0) && Strides[1] >= Reach(1);

    /// <summary>Whether windows stand side by side without gaps, pads or overhang; cells behind the last may be left over.</summary>
    public bool IsTiling => Kernel.SequenceEqual(Strides) && Pads.All(pad => pad == 0) && Dilations.All(dilation => dilation == 1) && !Ceil;

    public static Window2D Square(long kernel, long stride = 1, long pad = 0, long dilation = 1) => new()
    {
        Kernel = [kernel, kernel],
        Strides = [stride, stride],
        Pads = [pad, pad, pad, pad],
        Dilations = [dilation, dilation],
    };

    /// <summary>Reads back what <see cref="Attributes"/> wrote.</summary>
    public static Window2D Of(Operation operation) => new()
    {
        Kernel = operation.Ints("kernel_shape"),
        Strides = operation.Ints("strides"),
        Pads = operation.Ints("pads"),
        Dilations = operation.Type == "AveragePool" ? [1, 1] : operation.Ints("dilations"),
        Ceil = operation.Int("ceil_mode") != 0,
    };

    public AttributeProto[] Attributes() =>
    [
        OnnxAttribute.Of("kernel_shape", Kernel),
        OnnxAttribute.Of("strides", Strides),
        OnnxAttribute.Of("pads", Pads),
        OnnxAttribute.Of("dilations", Dilations),
    ];

    /// <summary>Cells from the first to the last tap of the kernel on an axis, both included.</summary>
    public long Reach(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

    /// <summary>Positions of the window on an axis of <paramref name="size"/> cells; throws when there is none.</summary>
    public long OutputSize(int axis, long size)
    {
        var room = size + Pads[axis] + Pads[axis + 2] - Reach(axis);
        if (room < 0)
        {
            throw new ArgumentException(
                $"A kernel that reaches over {Reach(axis)} cells doesn't fit on {(axis == 0 ? "height" : "width")} {size} with pads {Pads[axis]} and {Pads[axis + 2]}.",
                nameof(size));
        }

        var positions = (room / Strides[axis]) + 1;
        if (Ceil && room % Strides[axis] != 0 && positions * Strides[axis] < size + Pads[axis])
        {
            positions++;
        }

        return positions;
    }

    public TensorShape Output(TensorShape input, long channels) =>
        new(input[0], channels, OutputSize(0, input[2]), OutputSize(1, input[3]));
}

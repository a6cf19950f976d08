using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <summary>A named tensor of a graph under construction: an input, a parameter, a constant or an operation's output.</summary>
internal sealed class Value(string name, TensorShape shape, DataType type)
{
    public string Name { get; } = name;

    public TensorShape Shape { get; } = shape;

    public DataType Type { get; } = type;

    public int Rank => Shape.Rank;

    public override string ToString() => $"{Name} {Shape}";
}

using Onnx;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Backbones;

/// <summary>A node of a backbone's file with its inputs looked up in the graph being written.</summary>
internal sealed class BackboneNode(BackboneImport import, NodeProto node, bool trainable)
{
    public GraphBuilder Graph => import.Graph;

    public string Type => node.OpType;

    public long Opset => import.Opset;

    public long FileBatch => import.FileBatch;

    public int InputCount => node.Input.Count;

    public Value X => Input(0);

    public bool Has(int index) => index < node.Input.Count && node.Input[index].Length > 0;

    /// <summary>Whether the input is whole numbers known while the graph is written.</summary>
    public bool IsKnown(int index) => Has(index) && import.IsKnown(node.Input[index]);

    public Value Input(int index) => Has(index)
        ? import.ValueOf(node.Input[index], trainable)
        : throw Unsupported($"the operator '{Type}' lacks its input {index}");

    public Value? Optional(int index) => Has(index) ? Input(index) : null;

    /// <summary>A weight that stays as it is though the layer is trained.</summary>
    public Value Frozen(int index) => import.ValueOf(node.Input[index]);

    public long[] Integers(int index) => import.IntegersOf(node.Input[index]);

    public double Number(int index) => import.NumberOf(node.Input[index]);

    public long Int(string name, long otherwise) => Find(name)?.I ?? otherwise;

    public float Float(string name, float otherwise) => Find(name)?.F ?? otherwise;

    public string Text(string name, string otherwise) => Find(name)?.S.ToStringUtf8() ?? otherwise;

    public long[]? Ints(string name) => Find(name) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>Whole numbers that older operator sets give as an attribute and newer ones as an input.</summary>
    public long[]? IntsOrInput(string name, int index) => Has(index) ? Integers(index) : Ints(name);

    public TrainingException Unsupported(string why) => import.Unsupported(node, why);

    private AttributeProto? Find(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}

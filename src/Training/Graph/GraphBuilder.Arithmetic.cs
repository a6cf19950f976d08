using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <content>Element by element, with numpy's broadcasting.</content>
internal sealed partial class GraphBuilder
{
    public Value Add(Value a, Value b) => Elementwise("Add", a, b);

    public Value Sub(Value a, Value b) => Elementwise("Sub", a, b);

    public Value Mul(Value a, Value b) => Elementwise("Mul", a, b);

    public Value Div(Value a, Value b) => Elementwise("Div", a, b);

    /// <summary>a^b; a gradient for the exponent needs a &gt; 0.</summary>
    public Value Pow(Value a, Value b) => Elementwise("Pow", a, b);

    public Value Add(Value a, double b) => Add(a, Scalar(b));

    public Value Sub(double a, Value b) => Sub(Scalar(a), b);

    public Value Mul(Value a, double b) => Mul(a, Scalar(b));

    public Value Div(Value a, double b) => Div(a, Scalar(b));

    public Value Pow(Value a, double b) => Pow(a, Scalar(b));

    public Value Neg(Value x) => Unary("Neg", x);

    public Value Exp(Value x) => Unary("Exp", x);

    public Value Log(Value x) => Unary("Log", x);

    public Value Sqrt(Value x) => Unary("Sqrt", x);

    public Value Abs(Value x) => Unary("Abs", x);

    public Value Reciprocal(Value x) => Unary("Reciprocal", x);

    public Value Sign(Value x) => Unary("Sign", x);

    public Value Identity(Value x) => Unary("Identity", x);

    /// <summary>Values raised to <paramref name="min"/> and lowered to <paramref name="max"/>.</summary>
    public Value Clip(Value x, double min, double max) => Node("Clip", [x, Scalar(min), Scalar(max)], x.Shape);

    public Value Equal(Value a, Value b) => Comparison("Equal", a, b);

    public Value Greater(Value a, Value b) => Comparison("Greater", a, b);

    public Value Less(Value a, Value b) => Comparison("Less", a, b);

    /// <summary><paramref name="a"/> where the condition holds, else <paramref name="b"/>.</summary>
    public Value Where(Value condition, Value a, Value b)
    {
        var shape = TensorShape.Broadcast(condition.Shape, TensorShape.Broadcast(a.Shape, b.Shape));
        return Node("Where", [condition, a, b], [(shape, a.Type)])[0];
    }

    public Value Cast(Value x, DataType type) => Node("Cast", [x], [(x.Shape, type)], OnnxAttribute.Of("to", (long)type))[0];

    private Value Unary(string type, Value x) => Node(type, [x], x.Shape);

    private Value Elementwise(string type, Value a, Value b) => Node(type, [a, b], TensorShape.Broadcast(a.Shape, b.Shape));

    private Value Comparison(string type, Value a, Value b) => Node(type, [a, b], [(TensorShape.Broadcast(a.Shape, b.Shape), DataType.Bool)])[0];
}

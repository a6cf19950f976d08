namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of element-by-element arithmetic; sums over broadcast axes are taken by <see cref="GradientContext.Give"/>.</summary>
internal static class ArithmeticGradients
{
    // y = a + b:  da = dy,  db = dy
    public static void Add(GradientContext c)
    {
        c.Give(0, () => c.Dy);
        c.Give(1, () => c.Dy);
    }

    // y = a − b:  da = dy,  db = −dy
    public static void Sub(GradientContext c)
    {
        c.Give(0, () => c.Dy);
        c.Give(1, () => c.Graph.Neg(c.Dy));
    }

    // y = a·b:  da = dy·b,  db = dy·a
    public static void Mul(GradientContext c)
    {
        c.Give(0, () => c.Graph.Mul(c.Dy, c.X(1)));
        c.Give(1, () => c.Graph.Mul(c.Dy, c.X(0)));
    }

    // y = a/b:  da = dy/b,  db = −dy·y/b
    public static void Div(GradientContext c)
    {
        c.Give(0, () => c.Graph.Div(c.Dy, c.X(1)));
        c.Give(1, () => c.Graph.Neg(c.Graph.Mul(c.Dy, c.Graph.Div(c.Y, c.X(1)))));
    }

    // y = a^b:  da = dy·b·a^(b−1),  db = dy·y·ln a
    public static void Pow(GradientContext c)
    {
        c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.Mul(c.X(1), c.Graph.Pow(c.X(0), c.Graph.Add(c.X(1), -1)))));
        c.Give(1, () => c.Graph.Mul(c.Dy, c.Graph.Mul(c.Y, c.Graph.Log(c.X(0)))));
    }

    // y = −x:  dx = −dy
    public static void Neg(GradientContext c) => c.Give(0, () => c.Graph.Neg(c.Dy));

    // y = eˣ:  dx = dy·y
    public static void Exp(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Y));

    // y = ln x:  dx = dy/x
    public static void Log(GradientContext c) => c.Give(0, () => c.Graph.Div(c.Dy, c.X(0)));

    // y = √x:  dx = dy/(2y)
    public static void Sqrt(GradientContext c) => c.Give(0, () => c.Graph.Div(c.Graph.Mul(c.Dy, 0.5), c.Y));

    // y = |x|:  dx = dy·sign x, and 0 at 0
    public static void Abs(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.Sign(c.X(0))));

    // y = 1/x:  dx = −dy·y²
    public static void Reciprocal(GradientContext c) => c.Give(0, () => c.Graph.Neg(c.Graph.Mul(c.Dy, c.Graph.Mul(c.Y, c.Y))));

    // y = min(max(x, low), high):  dx = dy where the value passed unchanged, else 0
    public static void Clip(GradientContext c) =>
        c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.AreEqual(c.Y, c.X(0))));

    // y = condition ? a : b:  da = condition ? dy : 0,  db = condition ? 0 : dy
    public static void Where(GradientContext c)
    {
        c.Give(1, () => c.Graph.Where(c.X(0), c.Dy, c.Graph.Scalar(0)));
        c.Give(2, () => c.Graph.Where(c.X(0), c.Graph.Scalar(0), c.Dy));
    }

    // y = x in another type:  dx = dy in x's type
    public static void Cast(GradientContext c) => c.Give(0, () => c.Graph.Cast(c.Dy, c.X(0).Type));

    // y = x:  dx = dy
    public static void Identity(GradientContext c) => c.Give(0, () => c.Dy);
}

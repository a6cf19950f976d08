using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of matrix products.</summary>
internal static class MatrixGradients
{
    // Y = α·op(A)·op(B) + β·C, op being a transpose or nothing:
    //   d op(A) = α·dY·op(B)ᵀ,  so dA is that or its transpose, which is α·op(B)·dYᵀ
    //   d op(B) = α·op(A)ᵀ·dY,  so dB is that or its transpose, which is α·dYᵀ·op(A)
    //   dC = β·dY, summed over broadcast axes
    public static void Gemm(GradientContext c)
    {
        var alpha = c.Operation.Float("alpha", 1);
        var beta = c.Operation.Float("beta", 1);
        var transA = c.Operation.Int("transA") != 0;
        var transB = c.Operation.Int("transB") != 0;
        c.Give(0, () => transA
            ? c.Graph.Gemm(c.X(1), c.Dy, transA: transB, transB: true, alpha: alpha)
            : c.Graph.Gemm(c.Dy, c.X(1), transB: !transB, alpha: alpha));
        c.Give(1, () => transB
            ? c.Graph.Gemm(c.Dy, c.X(0), transA: true, transB: transA, alpha: alpha)
            : c.Graph.Gemm(c.X(0), c.Dy, transA: !transA, alpha: alpha));
        c.Give(2, () => beta == 1 ? c.Dy : c.Graph.Mul(c.Dy, beta));
    }

    // Y = A·B over the last two axes:  dA = dY·Bᵀ,  dB = Aᵀ·dY, summed over broadcast axes
    public static void MatMul(GradientContext c)
    {
        c.Give(0, () => c.Graph.MatMul(c.Dy, TransposedMatrices(c.Graph, c.X(1))));
        c.Give(1, () => c.Graph.MatMul(TransposedMatrices(c.Graph, c.X(0)), c.Dy));
    }

    private static Value TransposedMatrices(GraphBuilder graph, Value x) => graph.Transpose(
        x, [.. Enumerable.Range(0, x.Rank - 2).Select(axis => (long)axis), x.Rank - 1, x.Rank - 2]);
}

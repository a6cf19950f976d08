using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace StreamGenre.Stages.Inference;

/// <summary>Memory of an allocator for 32-bit floats, which tensors of several shapes look at from its begin on. They must not outlive it.</summary>
internal sealed class TensorMemory(OrtAllocator allocator, int values) : IDisposable
{
    private readonly OrtMemoryAllocation _allocation = allocator.Allocate(checked((uint)values * sizeof(float)));

    /// <summary>All of it. Only for memory that this machine can read and write.</summary>
    public unsafe Span<float> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_allocation.IsClosed, this);
            return new Span<float>((void*)_allocation.DangerousGetHandle(), values);
        }
    }

    /// <summary>Its first values as a tensor.</summary>
    public OrtValue Tensor(long[] shape) =>
        OrtValue.CreateTensorValueWithData(_allocation.Info, TensorElementType.Float, shape, _allocation.DangerousGetHandle(), _allocation.Size);

    public void Dispose() => _allocation.Dispose();
}

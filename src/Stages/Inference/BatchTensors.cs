namespace StreamGenre.Stages.Inference;

/// <summary>ONNX Runtime's view of one batch, kept with it from run to run so that none makes a tensor. Belongs to the batch's thread.</summary>
internal abstract class BatchTensors(OnnxModel model) : IDisposable
{
    /// <summary>Where the batch's windows lie for this model, as <see cref="MelBatch.Input"/> describes.</summary>
    public abstract Span<float> Input { get; }

    /// <summary>The model that it is a view for.</summary>
    protected OnnxModel Model => model;

    /// <summary>Whether it is a view for <paramref name="other"/>.</summary>
    public bool IsFor(OnnxModel other) => ReferenceEquals(model, other);

    /// <summary>Runs the model on the first <paramref name="windows"/> windows; its output for them, <c>[windows × patches, labels]</c>.</summary>
    public abstract ReadOnlySpan<float> Run(int windows);

    public abstract void Dispose();
}

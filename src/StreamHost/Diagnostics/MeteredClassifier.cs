using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>A classifier whose batches are measured.</summary>
internal sealed class MeteredClassifier(IGenreClassifier inner, StreamMetrics metrics, TimeProvider time) : IGenreClassifier
{
    public ModelContract Contract => inner.Contract;

    public string ExecutionProvider => inner.ExecutionProvider;

    public void Classify(MelBatch batch)
    {
        var start = time.GetTimestamp();
        inner.Classify(batch);
        metrics.RecordBatch(batch.Count, time.GetElapsedTime(start));
    }

    public void Dispose() => inner.Dispose();
}

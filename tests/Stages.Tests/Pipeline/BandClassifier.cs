using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>
/// A model without ONNX: the softmax over labels of the mean of the label's share of the mel bands. <see cref="Before"/> lets a test hold a
/// batch up, watch it or make it fail.
/// </summary>
internal sealed class BandClassifier(ModelContract contract) : IGenreClassifier
{
    private int _calls;

    public ModelContract Contract => contract;

    public string ExecutionProvider => "CPU";

    public Action<MelBatch>? Before { get; set; }

    /// <summary>Batches that have come in.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public void Classify(MelBatch batch)
    {
        Interlocked.Increment(ref _calls);
        Before?.Invoke(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            Score(batch.Window(i), batch.Scores(i));
        }
    }

    public static void Score(ReadOnlySpan<float> cells, Span<float> scores)
    {
        var total = 0.0;
        var share = cells.Length / scores.Length;
        for (var label = 0; label < scores.Length; label++)
        {
            var mean = 0.0;
            foreach (var cell in cells.Slice(label * share, share))
            {
                mean += cell / share;
            }

            scores[label] = (float)Math.Exp(mean);
            total += scores[label];
        }

        for (var label = 0; label < scores.Length; label++)
        {
            scores[label] = (float)(scores[label] / total);
        }
    }

    public void Dispose()
    {
    }
}

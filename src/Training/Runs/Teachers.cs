using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Finished models that a run learns from. They hear the very windows that the student hears, after variation and mixing: the student learns the teachers'
/// function and not labels (Beyer et al. 2022, arXiv:2106.05237, "function matching").
/// </summary>
internal sealed class Teachers : IDisposable
{
    // Smaller probabilities are noise, and their logarithms would drown the others.
    private const double Least = 1e-7;

    private readonly List<(ModelFile Model, int[] Places)> _models = [];
    private readonly int _labels;

    /// <summary>Opens the models.</summary>
    /// <param name="paths">ONNX models with their contracts.</param>
    /// <param name="student">The contract of the run; the teachers must have its front end and know its labels, and may know more.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">A model can't teach this student; all its differences are listed.</exception>
    public Teachers(IEnumerable<string> paths, ModelContract student, int threads)
    {
        _labels = student.Labels.Count;
        try
        {
            foreach (var path in paths)
            {
                var model = new ModelFile(path, threads);
                _models.Add((model, student.Labels.Select(label => model.Contract.Labels.ToList().IndexOf(label)).ToArray()));
                var unknown = student.Labels.Except(model.Contract.Labels).Select(label => $"it doesn't know {label}");
                if (ContractDifferences.OfFrontEnds(model.Contract, student).Concat(unknown).ToList() is { Count: > 0 } differences)
                {
                    throw new TrainingException($"{path} can't teach this network: {string.Join("; ", differences)}");
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _models.Count == 0;

    /// <summary>Logarithms of the mean over the teachers of their calibrated probabilities, over the student's labels.</summary>
    /// <param name="x">[batch, mels, frames], normalised.</param>
    /// <param name="answers">[batch, labels].</param>
    public void Answer(ReadOnlyMemory<float> x, Span<float> answers)
    {
        var sums = new double[answers.Length];
        foreach (var (model, places) in _models)
        {
            var logits = model.Logits(x);
            var known = model.Contract.Labels.Count;
            for (var row = 0; row < answers.Length / _labels; row++)
            {
                var all = Probabilities.Softmax(logits.AsSpan(row * known, known), model.Contract.Temperature);
                var mass = places.Sum(place => all[place]);
                for (var label = 0; label < _labels; label++)
                {
                    sums[(row * _labels) + label] += all[places[label]] / Math.Max(mass, Least);
                }
            }
        }

        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = (float)Math.Log(Math.Max(sums[i] / _models.Count, Least));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _models.ForEach(pair => pair.Model.Dispose());
}

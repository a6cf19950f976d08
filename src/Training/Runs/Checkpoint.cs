using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Runs;

/// <summary>Everything that a run is taken up from.</summary>
/// <param name="Progress">How far it has come.</param>
/// <param name="State">The session's vectors by name (weights, buffers, their averages, the optimiser's), each cut into its parameters.</param>
/// <param name="Best">Weights and buffers at the best look, in a run that stops early; otherwise empty.</param>
internal sealed record Checkpoint(
    RunProgress Progress,
    IReadOnlyDictionary<string, IReadOnlyList<ParameterTensor>> State,
    IReadOnlyDictionary<string, ParameterTensor> Best)
{
    /// <summary>The weights and buffers of the last step.</summary>
    public IReadOnlyDictionary<string, ParameterTensor> Raw => Named(TrainingStep.WeightsName, TrainingStep.BuffersName);

    /// <summary>The weights that are measured and exported: the best look's, else the moving average, else the last step's.</summary>
    public IReadOnlyDictionary<string, ParameterTensor> Exported => Best.Count > 0
        ? Best
        : State.ContainsKey(TrainingStep.AverageName) ? Named(TrainingStep.AverageName, TrainingStep.AverageBuffersName) : Raw;

    /// <summary>Takes down where a session stands.</summary>
    public static Checkpoint Of(TrainingSession session, RunProgress progress, IReadOnlyDictionary<string, ParameterTensor> best)
    {
        var state = session.Capture();
        return new Checkpoint(
            progress,
            session.Layout.ToDictionary(vector => vector.Name, IReadOnlyList<ParameterTensor> (vector) => Cut(vector, state.Vectors[vector.Name])),
            best);
    }

    /// <summary>Puts a session of the same network and settings where this one stood.</summary>
    /// <param name="session">A new session.</param>
    /// <param name="steps">Steps that the session had taken.</param>
    public void Restore(TrainingSession session, int steps) => session.Restore(new TrainingState(
        steps, State.ToDictionary(vector => vector.Key, vector => vector.Value.SelectMany(tensor => tensor.Values).ToArray())));

    private static List<ParameterTensor> Cut(StateVector vector, float[] values)
    {
        var tensors = new List<ParameterTensor>();
        var start = 0;
        foreach (var parameter in vector.Parameters)
        {
            var end = start + parameter.Initial.Length;
            tensors.Add(new ParameterTensor(parameter.Name, parameter.Value.Shape, values[start..end]));
            start = end;
        }

        return tensors;
    }

    private Dictionary<string, ParameterTensor> Named(params string[] vectors) => vectors
        .SelectMany(name => State.GetValueOrDefault(name, []))
        .ToDictionary(tensor => tensor.Name);
}

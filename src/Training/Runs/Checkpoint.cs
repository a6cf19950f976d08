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
    public static Checkpoint Of(TrainingSession session, RunProgress progress, IReadOnlyDictionary<string, ParameterTensor> best) => new(progress, StateOf(session), best);

    /// <summary>A session's vectors by name, each cut into its parameters.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ParameterTensor>> StateOf(TrainingSession session)
    {
        var state = session.Capture();
        return session.Layout.ToDictionary(vector => vector.Name, IReadOnlyList<ParameterTensor> (vector) => Cut(vector, state.Vectors[vector.Name]));
    }

    /// <summary>Puts a session where another of the same network and settings stood after so many steps.</summary>
    public static void Restore(TrainingSession session, int steps, IReadOnlyDictionary<string, IReadOnlyList<ParameterTensor>> state) => session.Restore(new TrainingState(
        steps, state.ToDictionary(vector => vector.Key, vector => vector.Value.SelectMany(tensor => tensor.Values).ToArray())));

    /// <summary>Puts a new session of the same network, phase and settings where this one stood.</summary>
    public void Restore(TrainingSession session) => Restore(session, Progress.Steps, State);

    /// <summary>
    /// Takes the weights, the buffers and their averages over into a new session that trains more weights: these begin as they do there, and the optimiser
    /// begins afresh.
    /// </summary>
    public void Widen(TrainingSession session)
    {
        string[] kept = [TrainingStep.WeightsName, TrainingStep.BuffersName, TrainingStep.AverageName, TrainingStep.AverageBuffersName];
        session.Restore(new TrainingState(Progress.Steps, session.Layout.ToDictionary(
            vector => vector.Name, vector => kept.Contains(vector.Name) ? Filled(vector) : vector.Start)));
    }

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

    private float[] Filled(StateVector vector)
    {
        var held = Named(vector.Name);
        return [.. vector.Parameters.SelectMany(parameter => held.TryGetValue(parameter.Name, out var tensor) ? tensor.Values : parameter.Initial)];
    }

    private Dictionary<string, ParameterTensor> Named(params string[] vectors) => vectors
        .SelectMany(name => State.GetValueOrDefault(name, []))
        .ToDictionary(tensor => tensor.Name);
}

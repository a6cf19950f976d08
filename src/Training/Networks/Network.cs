using StreamGenre.Training.Graph;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>An architecture that <c>train --network</c> knows by name.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">One line for the list.</param>
/// <param name="Build">From a batch [batch, 1, mels, frames], the number of labels and the dropout rate to logits [batch, labels].</param>
internal sealed record Network(string Name, string Description, Func<GraphBuilder, Value, int, float, Value> Build)
{
    /// <summary>The settings it was published with: what <c>train --network</c> starts from, each overridden where its option is given.</summary>
    public TrainingRunOptions Recipe { get; init; } = new();

    /// <summary>
    /// For a network that stands on a pre-trained one (<see cref="TrainingRunOptions.Init"/>): the network on that backbone. Null for one that is whole
    /// by itself.
    /// </summary>
    public Func<TrainingRunOptions, Network>? OnBackbone { get; init; }

    /// <summary>For a network that stands on a pre-trained one: what it hears on that file, in place of its recipe's; null where the file doesn't settle it.</summary>
    public Func<string, FrontEnd?>? BackboneFrontEnd { get; init; }

    /// <summary>For a network whose form depends on its front end beyond the size of a window: the network on that front end. Null for others.</summary>
    public Func<FrontEnd, Network>? OnFrontEnd { get; init; }

    /// <summary>The network of a run.</summary>
    /// <exception cref="TrainingException">Its backbone can't be read, or its front end lacks what it hears.</exception>
    public Network For(TrainingRunOptions options) => OnBackbone?.Invoke(options) ?? OnFrontEnd?.Invoke(options.FrontEnd) ?? this;

    /// <summary>The network for so many labels, as training and export take it.</summary>
    public Func<GraphBuilder, Value, Value> Forward(int labels, float dropout) => (graph, x) => Build(graph, x, labels, dropout);
}

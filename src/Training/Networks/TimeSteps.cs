using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Networks;

/// <summary>From the maps of convolutions to what a recurrent layer takes.</summary>
internal static class TimeSteps
{
    /// <summary>[batch, channels, mels, frames] to [batch, frames, channels · mels]: all that was found at one time is one step.</summary>
    public static Value Of(GraphBuilder graph, Value maps) => graph.Reshape(
        graph.Transpose(maps, 0, 3, 1, 2), new TensorShape(maps.Shape[0], maps.Shape[3], maps.Shape[1] * maps.Shape[2]));
}

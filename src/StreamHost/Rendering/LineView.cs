namespace StreamGenre.StreamHost.Rendering;

/// <summary>Updates as plain lines, for an output that is no terminal.</summary>
/// <param name="several">Whether there are several streams: each line then names its own.</param>
internal sealed class LineView(bool several = false) : IUpdateView
{
    public void Show(V1.GenreUpdate update) => Console.Out.WriteLine(Of(update.StreamId) + UpdateText.Line(update));

    public void Caption(string text, string streamId = "") => Console.Out.WriteLine(Of(streamId) + text);

    private string Of(string streamId) => several && streamId.Length > 0 ? streamId + "  " : "";
}

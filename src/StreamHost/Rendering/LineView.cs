namespace StreamGenre.StreamHost.Rendering;

/// <summary>Updates as plain lines, for an output that is no terminal.</summary>
internal sealed class LineView : IUpdateView
{
    public void Show(V1.GenreUpdate update) => Console.Out.WriteLine(UpdateText.Line(update));

    public void Caption(string text) => Console.Out.WriteLine(text);
}

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Where updates are shown.</summary>
internal interface IUpdateView
{
    /// <summary>Shows one more update.</summary>
    void Show(V1.GenreUpdate update);

    /// <summary>Changes the words that stand beside the updates, such as what is playing.</summary>
    void Caption(string text);
}

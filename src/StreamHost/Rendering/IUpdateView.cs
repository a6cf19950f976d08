namespace StreamGenre.StreamHost.Rendering;

/// <summary>Where updates are shown.</summary>
internal interface IUpdateView
{
    /// <summary>Shows one more update.</summary>
    void Show(V1.GenreUpdate update);

    /// <summary>Changes the words that stand beside the updates, such as what is playing.</summary>
    /// <param name="text">The words.</param>
    /// <param name="streamId">The stream that they are about, where several are shown.</param>
    void Caption(string text, string streamId = "");
}

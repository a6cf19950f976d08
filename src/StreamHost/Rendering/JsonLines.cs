using Google.Protobuf;
using StreamGenre.StreamHost.Commands;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Messages as JSON on standard output, one a line, each out at once.</summary>
/// <param name="file">What the messages are about, to stand in front of their fields as <c>file</c>; null for nothing.</param>
internal sealed class JsonLines(string? file = null) : IUpdateView, IDisposable
{
    private readonly StreamWriter _writer = new(StandardOutput.Open(), new System.Text.UTF8Encoding(false)) { NewLine = "\n" };

    /// <summary>Writes a message.</summary>
    /// <exception cref="ClosedOutputException">The reader has gone.</exception>
    public void Write(IMessage message) => WriteLine(file is null ? WireJson.Write(message) : WireJson.Write("file", file, message));

    /// <summary>Writes a line that is JSON already.</summary>
    /// <exception cref="ClosedOutputException">The reader has gone.</exception>
    public void WriteLine(string json)
    {
        try
        {
            _writer.WriteLine(json);
            _writer.Flush();
        }
        catch (IOException e)
        {
            throw new ClosedOutputException(e);
        }
    }

    public void Show(V1.GenreUpdate update) => Write(update);

    public void Caption(string text, string streamId = "")
    {
        // Nothing but messages goes to the pipe.
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Already told by Write.
        }
    }
}

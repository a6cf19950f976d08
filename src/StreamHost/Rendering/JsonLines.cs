using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using StreamGenre.StreamHost.Commands;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>Messages as JSON on standard output, one a line, each out at once.</summary>
internal sealed class JsonLines : IUpdateView, IDisposable
{
    private readonly StreamWriter _writer = new(OpenOutput(), new System.Text.UTF8Encoding(false)) { NewLine = "\n" };

    /// <summary>Writes a message.</summary>
    /// <exception cref="ClosedOutputException">The reader has gone.</exception>
    public void Write(IMessage message)
    {
        try
        {
            _writer.WriteLine(WireJson.Write(message));
            _writer.Flush();
        }
        catch (IOException e)
        {
            throw new ClosedOutputException(e);
        }
    }

    public void Show(V1.GenreUpdate update) => Write(update);

    public void Caption(string text)
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

    // Console swallows a broken pipe, and a program behind "| head -1" would run on; the descriptor itself says so.
    private static Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}

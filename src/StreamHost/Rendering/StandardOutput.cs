using System.Runtime.InteropServices;
using StreamGenre.StreamHost.Commands;

namespace StreamGenre.StreamHost.Rendering;

/// <summary>
/// Standard output as the system's own <c>write</c>: each write goes where the last one of whoever shares the descriptor ended, and one that finds no
/// reader fails. A FileStream keeps a place of its own in a file and would write over what the shell's next command wrote; Console's stream swallows a
/// broken pipe, and a program behind <c>| head -1</c> would run on.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int Interrupted = 4; // EINTR
    private const int BrokenPipe = 32; // EPIPE

    /// <summary>The stream for this system; on Windows Console's own.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(Descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
            {
                var message = $"standard output can't be written to: {Marshal.GetPInvokeErrorMessage(error)}";
                throw error == BrokenPipe ? new IOException(message) : new CommandFailedException(message);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}

using System.Runtime.CompilerServices;

namespace StreamGenre.AkkaEngine.Sources;

/// <summary>
/// Cuts what one connection brings into whole sample frames. A source that dies inside a sample would otherwise leave its stream misaligned, with
/// every later sample made of the bytes of two.
/// </summary>
internal static class WholeFrames
{
    /// <summary>The bytes of one connection, in whole frames; what is left of a frame at its end is dropped.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Of(
        Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> connect, int frameBytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var rest = Array.Empty<byte>();
        await foreach (var bytes in connect(cancellationToken).WithCancellation(cancellationToken))
        {
            var joined = rest.Length == 0 ? bytes : (byte[])[.. rest, .. bytes.Span];
            var whole = joined.Length - (joined.Length % frameBytes);
            rest = joined[whole..].ToArray();
            if (whole > 0)
            {
                yield return joined[..whole];
            }
        }
    }
}

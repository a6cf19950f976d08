using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using StreamGenre.Stages.Batching;

namespace StreamGenre.Stages;

/// <summary>A stream's updates; each one read gives its window's place in the line back, so that the writer may send another.</summary>
internal sealed class UpdateReader(ChannelReader<GenreUpdate> inner, WindowLine line) : ChannelReader<GenreUpdate>
{
    public override Task Completion => inner.Completion;

    public override bool CanCount => inner.CanCount;

    public override bool CanPeek => inner.CanPeek;

    public override int Count => inner.Count;

    public override bool TryRead([MaybeNullWhen(false)] out GenreUpdate item)
    {
        if (!inner.TryRead(out item))
        {
            return false;
        }

        line.ReleasePlace();
        return true;
    }

    public override bool TryPeek([MaybeNullWhen(false)] out GenreUpdate item) => inner.TryPeek(out item);

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
}

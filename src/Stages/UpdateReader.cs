using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace StreamGenre.Stages;

/// <summary>A stream's updates; <paramref name="onRead"/> hears of each one read and gives its window's place back, so that the writer may send another.</summary>
internal sealed class UpdateReader(ChannelReader<GenreUpdate> inner, Action onRead) : ChannelReader<GenreUpdate>
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

        onRead();
        return true;
    }

    public override bool TryPeek([MaybeNullWhen(false)] out GenreUpdate item) => inner.TryPeek(out item);

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
}

using System.Threading.Channels;

namespace StreamGenre.StreamHost.Spectrograms;

/// <summary>One looker at a stream's spectrogram. Disposing of it ends the looking.</summary>
/// <param name="format">How to read the columns.</param>
/// <param name="columns">The columns as they come, some at a time; completes when the stream ends.</param>
/// <param name="onDispose">Called when it is disposed of.</param>
internal sealed class SpectrogramView(SpectrogramFormat format, ChannelReader<byte[]> columns, Action onDispose) : IDisposable
{
    /// <summary>How to read the columns.</summary>
    public SpectrogramFormat Format { get; } = format;

    /// <summary>The columns as they come, some at a time; completes when the stream ends.</summary>
    public ChannelReader<byte[]> Columns { get; } = columns;

    public void Dispose() => onDispose();
}

using StreamGenre.AudioFiles;

namespace StreamGenre.StreamHost.Http;

/// <summary>A file that came in a request, for as long as it is worked on; disposing of it deletes it and gives its place to the next.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="name">What its sender calls it, for messages.</param>
/// <param name="place">Its place among the files at work.</param>
internal sealed class UploadedFile(string path, string name, IDisposable place) : IAsyncDisposable
{
    private IAudioSource? _source;

    /// <summary>Its audio.</summary>
    public IAudioSource Source => _source ?? throw new InvalidOperationException("The file has not been opened.");

    /// <summary>Opens it.</summary>
    /// <param name="ffmpeg">The FFmpeg program, by name or path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">It can't be decoded; the message calls it as its sender does.</exception>
    public async Task DecodeAsync(string ffmpeg, CancellationToken cancellationToken)
    {
        try
        {
            _source = await AudioFile.OpenAsync(path, ffmpeg, cancellationToken);
        }
        catch (AudioSourceException e)
        {
            throw new AudioSourceException(e.Message.Replace(path, name, StringComparison.Ordinal), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_source?.DisposeAsync() ?? default);
        File.Delete(path);
        place.Dispose();
    }
}

using System.Buffers;
using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Http;

/// <summary>Files that come in requests. They are put on disk, because most formats can only be decoded from a file that can be read in any order.</summary>
/// <param name="settings">The limit.</param>
internal sealed class Uploads(ServerOptions settings) : IDisposable
{
    // Uploads at once: keeps the disk's use to so many times the size limit. Decoding two a core keeps every core at work.
    private static readonly int Places = Math.Max(4, 2 * Environment.ProcessorCount);

    private readonly SemaphoreSlim _places = new(Places);

    /// <summary>Takes the file of a request; the result is the caller's, to dispose of.</summary>
    /// <exception cref="HttpRefusedException">There is no place for it (503), it is none or empty (400), or it is too long (413).</exception>
    public async Task<UploadedFile> TakeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var place = Enter();
        try
        {
            var body = await UploadBody.OfAsync(request, cancellationToken);
            return new UploadedFile(await SaveAsync(body, cancellationToken), body.Name, place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>Takes a place, if there is one, until the result is disposed of.</summary>
    /// <exception cref="HttpRefusedException">There is none (503).</exception>
    public IDisposable Enter() => _places.Wait(0)
        ? new Place(_places)
        : throw new HttpRefusedException(StatusCodes.Status503ServiceUnavailable, $"The server is at work on {Places} files, as many as it takes at once; try again in a few seconds.");

    /// <summary>Writes a body into a file of its own, whose path is returned; the caller deletes it.</summary>
    /// <exception cref="HttpRefusedException">It is empty (400) or longer than <see cref="ServerOptions.MaxUploadBytes"/> (413).</exception>
    public async Task<string> SaveAsync(UploadBody body, CancellationToken cancellationToken)
    {
        if (body.Length > settings.MaxUploadBytes)
        {
            throw TooLong($"{body.Length}");
        }

        var path = Path.Combine(Path.GetTempPath(), $"streamgenre-upload-{Guid.NewGuid():N}");
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var total = 0L;
            await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 }))
            {
                while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
                {
                    total += read;
                    if (total > settings.MaxUploadBytes)
                    {
                        throw TooLong($"more than {settings.MaxUploadBytes}");
                    }

                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            return total > 0
                ? path
                : throw new HttpRefusedException(StatusCodes.Status400BadRequest, "The file is empty; send an audio file as the body, or as a part of multipart/form-data.");
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _places.Dispose();

    private HttpRefusedException TooLong(string bytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        $"The file has {bytes} bytes; at most {settings.MaxUploadBytes} are taken (Server:MaxUploadBytes). Send a shorter or a compressed file, or stream it to /v1/streams/{{id}}/audio.");

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}

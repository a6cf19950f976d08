using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace StreamGenre.StreamHost.Http;

/// <summary>The file in a request: its body, or the first file of <c>multipart/form-data</c>.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Length">How long it is, where the request says so.</param>
/// <param name="Name">What its sender calls it, for messages.</param>
internal sealed record UploadBody(Stream Bytes, long? Length, string Name)
{
    private const string Remedy = "Send it as curl -F file=@song.mp3 does.";

    /// <summary>Finds it.</summary>
    /// <exception cref="HttpRefusedException">The multipart body is broken or holds no file (400).</exception>
    public static async Task<UploadBody> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return new UploadBody(request.Body, request.ContentLength, "the file");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw Refused($"The multipart boundary has {boundary?.Length ?? 0} characters; RFC 2046 asks for 1..70.");
        }

        var parts = new MultipartReader(boundary, request.Body);
        try
        {
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (part.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition())
                {
                    return new UploadBody(part.Body, null, disposition.FileName.Value is { Length: > 0 } name ? Path.GetFileName(name.Trim('"')) : "the file");
                }
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }

        throw Refused("The multipart body holds no file.");
    }

    /// <summary>Reads on; 0 at the end.</summary>
    /// <exception cref="HttpRefusedException">The multipart body ends before its last boundary (400).</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await Bytes.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Broken(e);
        }
    }

    // What a MultipartReader throws; Kestrel's own errors tell themselves.
    private static bool IsBroken(Exception e) => e is (IOException or InvalidDataException) and not BadHttpRequestException;

    private static HttpRefusedException Broken(Exception e) => Refused($"The multipart body is broken: {e.Message}");

    private static HttpRefusedException Refused(string what) => new(StatusCodes.Status400BadRequest, $"{what} {Remedy}");
}

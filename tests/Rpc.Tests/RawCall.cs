using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace StreamGenre.Rpc.Tests;

/// <summary>Speaks to a server in plain HTTP/2, without our client: what lies on the wire is seen, and wrong things can be sent.</summary>
internal static class RawCall
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static byte[] Frame(byte flag, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public static async Task<RawResponse> PostAsync(
        GrpcHost host, string method, byte[] body, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request).WaitAsync(Limit);
        return new RawResponse(
            response.StatusCode, await response.Content.ReadAsByteArrayAsync(), Copy(response.Headers), Copy(response.TrailingHeaders));
    }

    private static Dictionary<string, string> Copy(HttpResponseHeaders headers) =>
        headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}

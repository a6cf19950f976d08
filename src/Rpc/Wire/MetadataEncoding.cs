using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata as header values: texts as they are, bytes in base64.</summary>
internal static class MetadataEncoding
{
    /// <summary>Without padding, as the protocol asks of senders.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.BytesSpan).TrimEnd('=') : entry.Value;

    /// <summary>Adds a received header; with or without padding, and a list of several values where HTTP has joined them by commas.</summary>
    public static void AddReceived(Metadata metadata, string name, string value)
    {
        if (GrpcHeaders.IsReserved(name))
        {
            return;
        }

        if (!Metadata.Entry.HasBinaryKey(name))
        {
            metadata.Add(Metadata.Entry.Received(name, value));
            return;
        }

        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(Metadata.Entry.Received(name, Decode(name, part)));
        }
    }

    private static byte[] Decode(string name, string text)
    {
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        try
        {
            return Convert.FromBase64String(padded);
        }
        catch (FormatException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The value of the metadata key '{name}' is not base64, as keys that end with -bin need.", e));
        }
    }
}

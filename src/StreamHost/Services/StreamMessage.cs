using Google.Protobuf;

namespace StreamGenre.StreamHost.Services;

/// <summary>A message of Classify or Publish: one of the two, or neither when it is empty.</summary>
internal readonly record struct StreamMessage(V1.StreamConfig? Config, ByteString? Audio)
{
    public static StreamMessage Of(V1.ClassifyRequest request) => request.PayloadCase switch
    {
        V1.ClassifyRequest.PayloadOneofCase.Config => new(request.Config, null),
        V1.ClassifyRequest.PayloadOneofCase.Audio => new(null, request.Audio),
        _ => default,
    };

    public static StreamMessage Of(V1.PublishRequest request) => request.PayloadCase switch
    {
        V1.PublishRequest.PayloadOneofCase.Config => new(request.Config, null),
        V1.PublishRequest.PayloadOneofCase.Audio => new(null, request.Audio),
        _ => default,
    };
}

namespace StreamGenre.StreamHost.Http;

/// <summary>What a server says of itself over HTTP.</summary>
/// <param name="GrpcPort">Where gRPC answers; null where it is up to <c>Kestrel:Endpoints</c>.</param>
/// <param name="CanChangeSources">Whether who asks may add and remove sources.</param>
internal sealed record ServerFacts(int? GrpcPort, bool CanChangeSources = false);

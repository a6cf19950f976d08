namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>What is logged of the server as a whole.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(200, LogLevel.Information, "gRPC on {GrpcAddress}, HTTP on {HttpAddress}")]
    public static partial void Listening(ILogger logger, string grpcAddress, string httpAddress);

    [LoggerMessage(201, LogLevel.Information, "Model {Model} {Version}: {Labels} genres. {DeviceChoice}")]
    public static partial void ModelLoaded(ILogger logger, string model, string version, int labels, string deviceChoice);

    [LoggerMessage(202, LogLevel.Information, "Engine {Engine}")]
    public static partial void EngineChosen(ILogger logger, string engine);
}

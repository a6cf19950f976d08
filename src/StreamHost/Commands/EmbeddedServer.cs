using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Settings of a server that runs inside a command, for this machine alone; it logs warnings only.</summary>
internal static class EmbeddedServer
{
    public static HostSettings Settings(int grpcPort, int httpPort, string? model, string? device, params IEnumerable<KeyValuePair<string, string?>> more) => HostSettings.Load(configFile: null,
    [
        new("Server:BindAddress", grpcPort == 0 || httpPort == 0 ? "127.0.0.1" : "localhost"),
        new("Server:GrpcPort", grpcPort.ToString()),
        new("Server:HttpPort", httpPort.ToString()),
        new("Server:ShutdownTimeout", "00:00:05"),
        new("Model:Path", model),
        new("Model:Device", device),
        new("Logging:LogLevel:Default", "Warning"),
        .. more,
    ]);
}

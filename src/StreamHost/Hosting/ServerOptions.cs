namespace StreamGenre.StreamHost.Hosting;

/// <summary>Where a server listens and what it takes.</summary>
internal sealed record ServerOptions
{
    /// <summary><c>*</c> for every address of the machine (the default, as for any service), <c>localhost</c>, or one IP address.</summary>
    public string BindAddress { get; init; } = "*";

    /// <summary>Port of gRPC over HTTP/2 without TLS, 0..65535; 50051. 0 takes a free one.</summary>
    public int GrpcPort { get; init; } = 50051;

    /// <summary>Port of the web page, its JSON and /healthz, 0..65535; 8080. 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Longest gRPC message in bytes, 1 kB..1 GB; 4 MiB, gRPC's own default.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Longest file that <c>POST /v1/classify</c> takes, in bytes, 1 kB..1 TB; 256 MiB: 25 minutes of CD audio, some four hours of MP3.</summary>
    public long MaxUploadBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Sites other than the server's own whose pages may send audio and change things, such as <c>https://music.example</c>; none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>How long open streams may take to flush and end at shutdown, 0..10 min; 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool ok, string error)
        {
            if (!ok)
            {
                errors.Add(error);
            }
        }

        Check(
            BindAddress is "*" or "localhost" || System.Net.IPAddress.TryParse(BindAddress, out _),
            $"Server:{nameof(BindAddress)} (--bind) is '{BindAddress}'; it must be *, localhost or an IP address");
        Check(GrpcPort is >= 0 and <= 65_535, $"Server:{nameof(GrpcPort)} (--grpc-port) is {GrpcPort}; it must be 0..65535");
        Check(HttpPort is >= 0 and <= 65_535, $"Server:{nameof(HttpPort)} (--http-port) is {HttpPort}; it must be 0..65535");
        Check(GrpcPort == 0 || GrpcPort != HttpPort, $"Server:{nameof(GrpcPort)} and Server:{nameof(HttpPort)} are both {GrpcPort}; they must differ");
        Check(
            MaxMessageBytes is >= 1024 and <= 1 << 30,
            $"Server:{nameof(MaxMessageBytes)} is {MaxMessageBytes}; it must be 1024..1073741824");
        Check(
            MaxUploadBytes is >= 1024 and <= 1L << 40,
            $"Server:{nameof(MaxUploadBytes)} is {MaxUploadBytes}; it must be 1024..1099511627776");
        foreach (var origin in AllowedOrigins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase),
                $"Server:{nameof(AllowedOrigins)} holds '{origin}'; it must be a scheme, a host and a port if any, such as https://music.example");
        }

        Check(
            ShutdownTimeout >= TimeSpan.Zero && ShutdownTimeout <= TimeSpan.FromMinutes(10),
            $"Server:{nameof(ShutdownTimeout)} is {ShutdownTimeout}; it must be 00:00:00..00:10:00");
        return errors;
    }
}

using StreamGenre.Stages.Batching;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>
/// All that a server is told. Later sources win: appsettings.json beside the program, the file named by --config, environment variables
/// (<c>STREAMGENRE_Server__GrpcPort=50052</c>), options of the command line.
/// </summary>
internal sealed record HostSettings
{
    /// <summary>Section <c>Server</c>.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>Section <c>Model</c>.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>Section <c>Batching</c>.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>Section <c>Sessions</c>.</summary>
    public StreamSessionOptions Sessions { get; init; } = new();

    /// <summary>Section <c>Streams</c>; its genres' names are checked when the model is known.</summary>
    public StreamDefaults Streams { get; init; } = new();

    /// <summary>Section <c>Sources</c>.</summary>
    public SourcesOptions Sources { get; init; } = new();

    /// <summary>Section <c>History</c>.</summary>
    public HistoryOptions History { get; init; } = new();

    /// <summary>Where it all was read from; the sections <c>Kestrel</c> (TLS, endpoints) and <c>Logging</c> are read from it as they are.</summary>
    public required IConfigurationRoot Configuration { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configFile">A JSON file, or null.</param>
    /// <param name="overrides">Key and value pairs from the command line; a null value is not set.</param>
    /// <exception cref="SettingsException">With everything wrong with them.</exception>
    public static HostSettings Load(string? configFile, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        try
        {
            var builder = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (configFile is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(configFile), optional: false);
            }

            var configuration = builder
                .AddEnvironmentVariables("STREAMGENRE_")
                .AddInMemoryCollection(overrides.Where(pair => pair.Value is not null))
                .Build();
            T Bind<T>(string section)
                where T : new() => configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();

            var settings = new HostSettings
            {
                Server = Bind<ServerOptions>("Server"),
                Model = Bind<ModelOptions>("Model"),
                Batching = Bind<BatchingOptions>("Batching"),
                Sessions = Bind<StreamSessionOptions>("Sessions"),
                Streams = Bind<StreamDefaults>("Streams"),
                Sources = Bind<SourcesOptions>("Sources"),
                History = Bind<HistoryOptions>("History"),
                Configuration = configuration,
            };
            List<string> errors =
            [
                .. settings.Server.Errors(),
                .. settings.Model.Errors(),
                .. settings.Batching.Errors().Select(error => "Batching: " + error),
                .. settings.Sessions.Errors(),
                .. settings.Sources.Errors(),
                .. settings.History.Errors(),
            ];
            return errors.Count == 0 ? settings : throw new SettingsException(string.Join("; ", errors));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or FormatException)
        {
            throw new SettingsException("settings: " + (e.InnerException ?? e).Message, e);
        }
    }
}

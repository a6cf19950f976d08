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
        if (configFile is not null && !File.Exists(configFile))
        {
            throw new SettingsException($"--config is '{configFile}', and there is no such file");
        }

        try
        {
            var builder = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
            if (configFile is not null)
            {
                builder.AddJsonFile(Path.GetFullPath(configFile), optional: false);
            }

            var configuration = builder
                .AddInMemoryCollection(Variables())
                .AddInMemoryCollection(overrides.Where(pair => pair.Value is not null))
                .Build();
            var sections = new SettingsSections(configuration);
            var settings = new HostSettings
            {
                Server = sections.Bind<ServerOptions>("Server"),
                Model = sections.Bind<ModelOptions>("Model"),
                Batching = sections.Bind<BatchingOptions>("Batching"),
                Sessions = sections.Bind<StreamSessionOptions>("Sessions"),
                Streams = sections.Bind<StreamDefaults>("Streams"),
                Sources = sections.Bind<SourcesOptions>("Sources"),
                History = sections.Bind<HistoryOptions>("History"),
                Configuration = configuration,
            };
            sections.RefuseUnknown("Kestrel", "Logging");
            List<string> errors =
            [
                .. sections.Errors,
                .. settings.Server.Errors(),
                .. settings.Model.Errors(),
                .. settings.Batching.Errors().Select(error => "Batching: " + error),
                .. settings.Sessions.Errors(),
                .. settings.Sources.Errors(),
                .. settings.History.Errors(),
            ];
            return errors.Count == 0 ? settings : throw new SettingsException(string.Join("; ", errors));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            // The outer one names the file, the innermost the place in it.
            throw new SettingsException("settings: " + (e.InnerException is null ? e.Message : $"{e.Message} {e.GetBaseException().Message}"), e);
        }
    }

    // Without a section they are no settings: STREAMGENRE_SERVER tells the commands where a server is.
    private static IEnumerable<KeyValuePair<string, string?>> Variables() => new ConfigurationBuilder()
        .AddEnvironmentVariables("STREAMGENRE_").Build().AsEnumerable()
        .Where(pair => pair.Value is not null && pair.Key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal));
}

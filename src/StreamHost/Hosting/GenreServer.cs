using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Http;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>A running server: the model, the engine, the sessions, gRPC and HTTP.</summary>
internal sealed class GenreServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IGenreEngine _engine;
    private readonly IGenreClassifier _classifier;
    private Task? _stopping;

    private GenreServer(WebApplication app, IGenreEngine engine, IGenreClassifier classifier, string grpcAddress, string httpAddress)
    {
        _app = app;
        _engine = engine;
        _classifier = classifier;
        GrpcAddress = grpcAddress;
        HttpAddress = httpAddress;
    }

    /// <summary>Where gRPC answers, as a client on this machine would name it.</summary>
    public string GrpcAddress { get; }

    /// <summary>Where the page is, as a browser on this machine would name it.</summary>
    public string HttpAddress { get; }

    /// <summary>The engine's counters.</summary>
    public PipelineStatistics Statistics => _engine.Statistics;

    /// <summary>Loads the model and starts to listen.</summary>
    /// <param name="settings">All that it is told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingsException">There is no such model, or a port can't be had.</exception>
    /// <exception cref="ModelContractException">The model can't be used.</exception>
    /// <exception cref="DeviceUnavailableException">The device can't run it, or has too little memory for what the settings ask for.</exception>
    public static async Task<GenreServer> StartAsync(HostSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var listening = new Listening(settings);

        // Relative paths in the settings (a certificate's, for one) are relative to where the program was started.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Environment.CurrentDirectory });
        builder.Configuration.AddConfiguration(settings.Configuration);

        // Logs go to standard error: standard output is for updates.
        builder.Logging.AddConfiguration(settings.Configuration.GetSection("Logging"))

            // A start that fails is told in one line by whoever started it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrel(listening.Configure);
        builder.Services.RemoveAll<IHostLifetime>();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Server.ShutdownTimeout);
        builder.Services.AddMetrics();
        builder.Services.AddRouting();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = settings.Server.MaxMessageBytes);
        builder.Services.AddHealthChecks();
        builder.Services.AddHttpApi();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(settings.Server);
        builder.Services.AddSingleton(settings.Sessions);
        builder.Services.AddSingleton(settings.Streams);
        builder.Services.AddHistory(settings.History);
        builder.Services.AddSingleton<GenreWatches>();
        builder.Services.AddSingleton(listening);
        builder.Services.AddSingleton<StreamMetrics>();
        builder.Services.AddSingleton<StreamRegistry>();
        builder.Services.AddHostedService<StreamDrain>();
        builder.Services.AddSingleton(settings.Sources);
        builder.Services.AddSingleton<SourceAccess>();
        builder.Services.AddSingleton<SourceRegistry>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SourceRegistry>());
        builder.Services.AddSingleton(new DescriptorCatalog(
            V1.GenreStreamReflection.Descriptor,
            V1.SourceReflection.Descriptor,
            V1.HistoryReflection.Descriptor,
            Grpc.Health.V1.HealthReflection.Descriptor,
            Grpc.Reflection.V1.ReflectionReflection.Descriptor,
            Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor));

        var model = LoadModel(settings.Model);
        WebApplication? app = null;
        try
        {
            if (settings.Streams.Errors(model.Contract.Labels) is { Count: > 0 } errors)
            {
                throw new SettingsException(string.Join("; ", errors));
            }

            var batching = settings.Batching.For(model);
            model.WarmUp(batching.MaxBatch, batching.Lanes);
            builder.Services.AddSingleton<IGenreClassifier>(services => new MeteredClassifier(model, services.GetRequiredService<StreamMetrics>(), time));
            builder.Services.AddGenreEngine(batching);
            app = builder.Build();
            var engine = app.Services.GetRequiredService<IGenreEngine>();
            app.Services.GetRequiredService<StreamMetrics>().Observe(engine);
            app.Services.ObserveHistory();
            app.MapHttpApi(settings.Server);
            app.MapGrpcService<GenreStreamService>();
            app.MapGrpcService<SourceService>();
            app.MapGrpcService<HistoryService>();
            app.MapGrpcService<HealthService>();
            app.MapGrpcService<ReflectionService>();
            app.MapGrpcService<ReflectionAlphaService>();
            ServerLog.ModelLoaded(app.Logger, model.Contract.Name, model.Contract.Version, model.Contract.Labels.Count, model.DeviceChoice);
            ServerLog.EngineChosen(app.Logger, engine.GetType().Name);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                throw new SettingsException($"can't listen: {e.Message} Choose other ports with --grpc-port and --http-port (0 takes a free one).", e);
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException or UnauthorizedAccessException or CryptographicException)
            {
                throw new SettingsException($"can't listen: {e.Message.TrimEnd('.')}. See --bind, --grpc-port, --http-port and the section Kestrel of the settings.", e);
            }

            var (grpc, http) = listening.Addresses(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>());
            ServerLog.Listening(app.Logger, grpc, http);
            return new GenreServer(app, engine, model, grpc, http);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            model.Dispose();
            throw;
        }
    }

    /// <summary>Takes no new streams, flushes and ends the open ones, then stops.</summary>
    public Task StopAsync() => _stopping ??= _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _engine.DisposeAsync();
        await _app.DisposeAsync();
        _classifier.Dispose();
    }

    /// <summary>Loads a model.</summary>
    /// <exception cref="SettingsException">There is no such model, or its settings are out of range.</exception>
    /// <exception cref="ModelContractException">It can't be used.</exception>
    /// <exception cref="DeviceUnavailableException">The device can't run it.</exception>
    public static OnnxGenreClassifier LoadModel(ModelOptions options)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new SettingsException(string.Join("; ", errors));
        }

        return OnnxGenreClassifier.Load(options.ToClassifierOptions());
    }
}

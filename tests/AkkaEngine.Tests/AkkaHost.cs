using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamGenre.AkkaEngine.Hosting;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.AkkaEngine.Tests;

/// <summary>An Akka engine in a host of its own, as any program would have it.</summary>
internal sealed class AkkaHost : IGenreEngine
{
    private readonly IHost _host;

    private AkkaHost(IHost host)
    {
        _host = host;
        Engine = host.Services.GetRequiredService<AkkaGenreEngine>();
        Health = host.Services.GetRequiredService<HealthCheckService>();
    }

    public AkkaGenreEngine Engine { get; }

    public HealthCheckService Health { get; }

    public ModelContract Contract => Engine.Contract;

    public string ExecutionProvider => Engine.ExecutionProvider;

    public PipelineStatistics Statistics => Engine.Statistics;

    public static async Task<AkkaHost> StartAsync(
        IGenreClassifier classifier, BatchingOptions batching, TimeProvider time, ILoggerProvider? logs = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Services.AddSingleton(classifier);
        builder.Services.AddSingleton(time);
        builder.Services.AddAkkaGenreEngine(batching);
        var host = builder.Build();
        await host.StartAsync();
        return new AkkaHost(host);
    }

    public IGenreStream Open(GenreStreamOptions options) => Engine.Open(options);

    /// <summary>Stops the host without a word to the engine, as Ctrl+C does.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }
}

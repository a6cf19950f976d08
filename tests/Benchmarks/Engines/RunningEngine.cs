using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
#if AKKA_ENGINE
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamGenre.AkkaEngine.Hosting;
#endif

namespace StreamGenre.Benchmarks.Engines;

/// <summary>An engine as a program would have it, and what ends it.</summary>
internal sealed class RunningEngine(IGenreEngine engine, Func<ValueTask> stop) : IAsyncDisposable
{
    /// <summary>The engines that this program was built with.</summary>
    public static IReadOnlyList<string> Names { get; } =
#if AKKA_ENGINE
        ["in-box", "akka"];
#else
        ["in-box"];
#endif

    /// <summary>The engine.</summary>
    public IGenreEngine Engine => engine;

    /// <summary>Starts one.</summary>
    public static async Task<RunningEngine> StartAsync(string name, IGenreClassifier classifier)
    {
#if AKKA_ENGINE
        if (name == "akka")
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddSingleton(classifier);
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddAkkaGenreEngine(new BatchingOptions());
            var host = builder.Build();
            await host.StartAsync();
            var akka = host.Services.GetRequiredService<IGenreEngine>();
            return new RunningEngine(akka, async () =>
            {
                await akka.DisposeAsync();
                await host.StopAsync();
                host.Dispose();
            });
        }
#endif
        await Task.CompletedTask;
        var pipeline = new GenrePipeline(classifier, new BatchingOptions(), TimeProvider.System);
        return new RunningEngine(pipeline, pipeline.DisposeAsync);
    }

    public ValueTask DisposeAsync() => stop();
}

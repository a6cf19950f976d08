using System.Diagnostics.Metrics;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.History.Postgres;

namespace StreamGenre.StreamHost.History;

/// <summary>Puts the history together.</summary>
internal static class HistoryServices
{
    /// <summary>Adds it, with a database where the options name one.</summary>
    public static void AddHistory(this IServiceCollection services, HistoryOptions options)
    {
        services.AddSingleton(options);
        if (options.Postgres.Length > 0)
        {
            services.AddSingleton<PostgresHistory>();
            services.AddHostedService(provider => provider.GetRequiredService<PostgresHistory>());
            services.AddHealthChecks().AddCheck<HistoryHealth>("history");
        }

        services.AddSingleton(provider => new StreamHistory(options, provider.GetService<PostgresHistory>()));
        services.AddSingleton<Services.HistoryReader>();
    }

    /// <summary>Adds the instruments that read its counters.</summary>
    public static void ObserveHistory(this IServiceProvider services)
    {
        var meter = services.GetRequiredService<IMeterFactory>().Create(StreamMetrics.MeterName);
        var history = services.GetRequiredService<StreamHistory>();
        meter.CreateObservableUpDownCounter("streamgenre.history.rows.memory", () => history.MemoryRows, "{row}", "Rows of the history in memory.");
        if (services.GetService<PostgresHistory>() is { } database)
        {
            meter.CreateObservableUpDownCounter("streamgenre.history.rows.buffered", () => database.Buffered, "{row}", "Rows that wait for the database.");
            meter.CreateObservableCounter("streamgenre.history.rows.written", () => database.Written, "{row}", "Rows written to the database.");
            meter.CreateObservableCounter("streamgenre.history.rows.dropped", () => database.Dropped, "{row}", "Rows dropped because the buffer was full.");
        }
    }
}

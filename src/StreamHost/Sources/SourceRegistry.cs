using StreamGenre.AudioFiles;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Sources;

/// <summary>The sources that a server listens to: those of its settings, and those that were added while it runs. Thread-safe.</summary>
internal sealed class SourceRegistry(
    SourcesOptions settings, StreamDefaults defaults, StreamRegistry streams, IGenreEngine engine, TimeProvider time, ILogger<SourceRegistry> log)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SourceSupervisor> _sources = new(StringComparer.Ordinal);

    /// <summary>
    /// Starts the sources of the settings, when all else has started (an engine may have to). One that can't be opened (its id is taken, say) keeps
    /// neither the server nor the others from running.
    /// </summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var item in settings.Items)
        {
            try
            {
                Start(item, isConfigured: true);
            }
            catch (Exception e) when (e is SourceRefusedException or StreamRefusedException)
            {
                SourceLog.Refused(log, item.Id.Length > 0 ? item.Id : SourceInput.Redact(item.Url), e.Message);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds a source for somebody outside, and starts to listen to it.</summary>
    /// <exception cref="SourceRefusedException">The source is not sound, not allowed, one too many, or there is no FFmpeg.</exception>
    /// <exception cref="StreamRefusedException">Its stream can't be opened.</exception>
    public SourceStatus Add(SourceOptions source)
    {
        if (source.Errors() is { Count: > 0 } errors)
        {
            throw new SourceRefusedException(SourceRefusal.Invalid, string.Join("; ", errors) + ".");
        }

        var scheme = SourceInput.Parse(source.Url).Scheme;
        if (!settings.MayAdd(scheme))
        {
            throw new SourceRefusedException(
                SourceRefusal.NotAllowed,
                $"URLs that begin with {scheme}: can't be added while the server runs; it takes {settings.AddedSchemes}. Name {scheme} in Sources:AddedSchemes, or the source in Sources:Items.");
        }

        try
        {
            FfmpegProgram.Find(settings.Ffmpeg);
        }
        catch (AudioSourceException e)
        {
            throw new SourceRefusedException(SourceRefusal.NoFfmpeg, $"The server can't listen to sources: {e.Message}.");
        }

        return Start(source, isConfigured: false).Status;
    }

    /// <summary>Removes a source and ends its stream; returns when it has ended.</summary>
    /// <exception cref="SourceRefusedException">There is none of that id.</exception>
    public async Task RemoveAsync(string id)
    {
        SourceSupervisor? source;
        lock (_gate)
        {
            if (!_sources.Remove(id, out source))
            {
                throw new SourceRefusedException(SourceRefusal.UnknownSource, $"No source has the id '{id}'.");
            }
        }

        await source.DisposeAsync();
        SourceLog.Removed(log, id);
    }

    /// <summary>The sources, by id.</summary>
    public IReadOnlyList<SourceStatus> List()
    {
        lock (_gate)
        {
            return [.. _sources.Values.Select(source => source.Status).OrderBy(status => status.Options.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Ends them all. They have begun to end when the registry of streams began to drain.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        List<SourceSupervisor> all;
        lock (_gate)
        {
            all = [.. _sources.Values];
            _sources.Clear();
        }

        await Task.WhenAll(all.Select(source => source.DisposeAsync().AsTask()));
    }

    private SourceSupervisor Start(SourceOptions source, bool isConfigured)
    {
        lock (_gate)
        {
            if (_sources.Count >= settings.MaxSources)
            {
                throw new SourceRefusedException(
                    SourceRefusal.TooManySources, $"The server has its maximum of {settings.MaxSources} sources; remove one, or raise Sources:MaxSources.");
            }

            source = source with { Id = source.Id.Length > 0 ? source.Id : SourceId.Make(source, IsTaken) };
            if (_sources.ContainsKey(source.Id))
            {
                throw new SourceRefusedException(SourceRefusal.IdTaken, $"Source '{source.Id}' exists already; remove it first, or choose another id.");
            }

            var session = streams.Open(source.ToStreamOptions(engine.Contract.Mel.SampleRateHz, defaults), named: true, source.Name);
            return _sources[source.Id] = new SourceSupervisor(source, isConfigured, settings, session, time, log, streams.Stopping);
        }
    }

    private bool IsTaken(string id) => _sources.ContainsKey(id) || streams.List().Any(stream => stream.Id == id && !stream.IsEnded);
}

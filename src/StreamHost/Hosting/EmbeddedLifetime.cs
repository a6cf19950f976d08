namespace StreamGenre.StreamHost.Hosting;

/// <summary>Leaves signals to the command that runs the server: one place decides what Ctrl+C means.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

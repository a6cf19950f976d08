using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>
/// Ends the streams before Kestrel stops: they take no more audio, classify what they have, and send it. Connections stay open a moment longer,
/// because an HTTP/2 client whose request is still open throws away what it has received but not yet read when the connection closes
/// (.NET's HttpClient does).
/// </summary>
internal sealed class StreamDrain(StreamRegistry registry, TimeProvider time) : IHostedLifecycleService
{
    // Enough for a client on a loaded machine to be scheduled and read; little for somebody who waits for the program to end.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(300);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await registry.DrainAsync().WaitAsync(cancellationToken))
            {
                await Task.Delay(Linger, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Server:ShutdownTimeout has passed; what is left is cut off when Kestrel stops.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using System.Net;
using System.Net.Sockets;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>A radio that sends what a test tells it to, at once, and then keeps the connection open or closes it.</summary>
internal sealed class RawRadio : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly bool _closes;
    private int _listeners;

    /// <summary>Opens.</summary>
    /// <param name="bodyOf">What the n-th listener gets, n from 1.</param>
    /// <param name="closes">Whether the connection is closed then.</param>
    public RawRadio(Func<int, byte[]> bodyOf, bool closes = false)
    {
        _closes = closes;
        _listener.Start();
        _serving = ServeAsync(bodyOf);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/live.mp3";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<int, byte[]> bodyOf)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(SendAsync(client, bodyOf(++_listeners)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(TcpClient client, byte[] body)
    {
        using (client)
        {
            var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte[4], _stop.Token);
            await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"u8.ToArray(), _stop.Token);
            await stream.WriteAsync(body, _stop.Token);
            await Task.Delay(_closes ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, _stop.Token);
        }
    }
}

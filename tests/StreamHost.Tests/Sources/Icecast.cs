using System.Diagnostics;
using System.Text;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>A real Icecast server on a free port of this machine, which can be killed, stopped and started again on the same port.</summary>
internal sealed class Icecast : IAsyncDisposable
{
    private const string Password = "hackme";

    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-icecast-").FullName;
    private readonly HttpClient _admin = new();
    private Process? _process;

    private Icecast() => _admin.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("admin:" + Password)));

    public int Port { get; } = FreePort.Find();

    public static async Task<Icecast> StartAsync()
    {
        var icecast = new Icecast();
        await icecast.StartAgainAsync();
        return icecast;
    }

    /// <summary>Where listeners find a mount.</summary>
    public string UrlOf(string mount) => $"http://127.0.0.1:{Port}/{mount}";

    /// <summary>Where FFmpeg sends a mount's audio to.</summary>
    public string FeedUrlOf(string mount) => $"icecast://source:{Password}@127.0.0.1:{Port}/{mount}";

    /// <summary>Starts it; on the same port as before.</summary>
    public async Task StartAgainAsync()
    {
        // Icecast will not run as root: it becomes nobody once it has its port, and must then be able to write its log.
        var asRoot = Environment.UserName == "root";
        var config = Path.Combine(_folder, "icecast.xml");
        var files = File.Exists("/usr/share/icecast2/web/status-json.xsl") ? "/usr/share/icecast2" : "/usr/share/icecast";
        await File.WriteAllTextAsync(config, $"""
            <icecast>
              <hostname>localhost</hostname>
              <limits><clients>50</clients><sources>20</sources><burst-size>65535</burst-size><source-timeout>30</source-timeout></limits>
              <authentication><source-password>{Password}</source-password><admin-user>admin</admin-user><admin-password>{Password}</admin-password></authentication>
              <listen-socket><port>{Port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
              <paths><basedir>{files}</basedir><webroot>{files}/web</webroot><adminroot>{files}/admin</adminroot><logdir>{_folder}</logdir></paths>
              <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
              <security><chroot>0</chroot>{(asRoot ? "<changeowner><user>nobody</user><group>nogroup</group></changeowner>" : "")}</security>
            </icecast>
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        }

        var start = new ProcessStartInfo(File.Exists("/usr/bin/icecast2") ? "icecast2" : "icecast", ["-c", config]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        _process = Process.Start(start) ?? throw new InvalidOperationException("icecast was not started");
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            async () => _process.HasExited ? throw new InvalidOperationException($"Icecast ended by itself: {Log()}") : await MountsAsync() is not null,
            () => $"Icecast to answer; its log: {Log()}");
    }

    /// <summary>Waits until somebody feeds a mount.</summary>
    public Task IsFedAsync(string mount) => Eventually.TrueAsync(
        async () => (await MountsAsync())?.Contains($"\"/{mount}\"", StringComparison.Ordinal) == true, $"a feeder of {mount}");

    /// <summary>Tells what is playing, as a studio's software does; in Latin-1, as the mounts of MP3 have it.</summary>
    public async Task SetTitleAsync(string mount, string percentEncoded)
    {
        using var response = await _admin.GetAsync(new Uri(UrlOf($"admin/metadata?mode=updinfo&mount=/{mount}&song={percentEncoded}")));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: connections stay open and nothing comes.</summary>
    public Task StopAsync() => Signals.SendAsync("STOP", _process!.Id);

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => Signals.SendAsync("CONT", _process!.Id);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _admin.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log() => Path.Combine(_folder, "error.log") is var log && File.Exists(log) ? File.ReadAllText(log) : "none";

    // Null while it does not answer: it is starting, or resets a connection that it has had enough of.
    private async Task<string?> MountsAsync()
    {
        try
        {
            return await _admin.GetStringAsync(new Uri(UrlOf("admin/listmounts")));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

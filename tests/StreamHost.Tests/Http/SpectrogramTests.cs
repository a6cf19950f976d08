using System.Text.Json;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.StreamHost.Spectrograms;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Http;

public sealed class SpectrogramTests
{
    private static readonly ModelContract Model = new() { Name = "m", Version = "1", Labels = ["a", "b"] };

    [Fact]
    public void Push_ATone_IsBrightestInItsBandAndTheSameWhereverItIsCut()
    {
        var format = new PcmFormat(PcmEncoding.S16Le, 22_050, 1);
        var pcm = new byte[2 * 22_050];
        for (var i = 0; i < 22_050; i++)
        {
            BitConverter.TryWriteBytes(pcm.AsSpan(2 * i), (short)(10_000 * Math.Sin(2 * Math.PI * 1000 * i / 22_050)));
        }

        var whole = Columns(format, [pcm], before: 0);

        // librosa.mel_frequencies(130): the 128 bands' centres; 1000 Hz is mel 15 of 49.9 on Slaney's scale, so band 15 / (49.9 / 129) − 1 = 38.
        var column = whole.AsSpan(20 * 128, 128).ToArray();
        Assert.InRange(Array.IndexOf(column, column.Max()), 37, 39);
        Assert.Equal(whole, Columns(format, pcm.Chunk(333), before: 0));

        // Looking that begins inside a sample leaves out its rest.
        Assert.Equal(Columns(format, [pcm[2..]], before: 2), Columns(format, [pcm[1..]], before: 1));
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Spectrogram_OfALiveStream_ComesWhileSomebodyLooksAndNotAfter()
    {
        await using var server = await TestServer.StartAsync();
        using var sender = await server.OpenSocketAsync("/v1/streams/a/audio?rate=8000");
        await sender.ReadAsync();
        using (var viewer = await server.OpenSocketAsync("/v1/streams/a/spectrogram"))
        {
            using var format = JsonDocument.Parse((await viewer.ReadAsync())!.Value.Text!);
            Assert.Equal(128, format.RootElement.GetProperty("bands").GetInt32());
            await sender.SendAsync(Sound.Noise(1));
            var columns = (await viewer.ReadAsync())!.Value.Bytes;
            Assert.True(columns.Length > 0);
            Assert.Equal(0, columns.Length % 128);
            Assert.True(columns.Distinct().Count() > 10);

            await sender.SendAsync("""{"end":true}""");
            while (await viewer.ReadAsync() is not null)
            {
            }

            Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, viewer.CloseStatus);
        }

        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => server.OpenSocketAsync("/v1/streams/none/spectrogram"));
    }

    private static byte[] Columns(PcmFormat format, IEnumerable<byte[]> parts, long before)
    {
        var tap = new SpectrogramTap(Model, format);
        Assert.True(tap.IsIdle);
        var viewer = tap.Add();
        var columns = new List<byte>();
        foreach (var part in parts)
        {
            tap.Push(part, before);
            before += part.Length;
            while (viewer.Reader.TryRead(out var read))
            {
                columns.AddRange(read);
            }
        }

        tap.Remove(viewer);
        Assert.True(tap.IsIdle);
        return [.. columns];
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using StreamGenre.StreamHost.Sources;
using StreamGenre.StreamHost.Tests.Commands;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.V1;

namespace StreamGenre.StreamHost.Tests.Sources;

public sealed class WavSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-wav-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Trait("Category", "Server")]
    [Theory]
    [InlineData("pcm_u8", 1, AudioEncoding.PcmS16Le)]
    [InlineData("pcm_s16le", 2, AudioEncoding.PcmS16Le)]
    [InlineData("pcm_s24le", 1, AudioEncoding.PcmF32Le)]
    [InlineData("pcm_s24le", 6, AudioEncoding.PcmF32Le)]
    [InlineData("pcm_s32le", 2, AudioEncoding.PcmF32Le)]
    [InlineData("pcm_f32le", 8, AudioEncoding.PcmF32Le)]
    [InlineData("pcm_f64le", 1, AudioEncoding.PcmF32Le)]
    [InlineData("pcm_mulaw", 2, AudioEncoding.Mulaw)]
    public async Task Read_EveryCoding_GivesTheSamplesThatFfmpegReads(string codec, int channels, AudioEncoding encoding)
    {
        var noise = Sound.WriteWav(_folder, "noise.wav", 1.3);
        var wav = Path.Combine(_folder, "coded.wav");
        var raw = Path.Combine(_folder, "reference.raw");

        // FFmpeg writes the file and reads it again; what it reads is the reference, in the form that our source delivers.
        var form = encoding switch { AudioEncoding.PcmS16Le => "s16le", AudioEncoding.PcmF32Le => "f32le", _ => "mulaw" };
        string[] convert = ["-v", "error", "-i", noise, "-ac", channels.ToString(), "-c:a", codec, wav];
        Assert.Equal(0, (await BuiltProgram.RunAsync("ffmpeg", convert, null)).ExitCode);
        Assert.Equal(0, (await BuiltProgram.RunAsync("ffmpeg", ["-v", "error", "-i", wav, "-c:a", "pcm_" + form, "-f", form, raw], null)).ExitCode);

        await using var source = await AudioFiles.OpenAsync(wav, "ffmpeg", default);
        Assert.Equal(new SourceFormat(encoding, Sound.SampleRateHz, channels), source.Format);
        var read = await ReadAllAsync(source, source.Format.FrameBytes * 333);
        var expected = await File.ReadAllBytesAsync(raw);
        if (encoding == AudioEncoding.PcmF32Le)
        {
            Assert.Equal(MemoryMarshal.Cast<byte, float>(expected).ToArray(), MemoryMarshal.Cast<byte, float>(read).ToArray());
        }
        else
        {
            Assert.Equal(expected, read);
        }
    }

    [Trait("Category", "Server")]
    [Fact]
    public async Task Open_CodingThatIsNotInBox_GoesThroughFfmpeg()
    {
        var noise = Sound.WriteWav(_folder, "noise.wav", 1);
        var wav = Path.Combine(_folder, "alaw.wav");
        Assert.Equal(0, (await BuiltProgram.RunAsync("ffmpeg", ["-v", "error", "-i", noise, "-c:a", "pcm_alaw", wav], null)).ExitCode);
        await using var source = await AudioFiles.OpenAsync(wav, "ffmpeg", default);
        Assert.Equal(new SourceFormat(AudioEncoding.PcmS16Le, Sound.SampleRateHz, 1), source.Format);
        Assert.Equal(2 * Sound.SampleRateHz, (await ReadAllAsync(source, 4096)).Length);
    }

    [Trait("Category", "Server")]
    [Fact]
    public async Task Open_CorruptFile_SaysWhatFfmpegSays()
    {
        var path = Path.Combine(_folder, "broken.mp3");
        await File.WriteAllBytesAsync(path, Enumerable.Repeat((byte)7, 5000).ToArray());
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFiles.OpenAsync(path, "ffmpeg", default));
        Assert.Contains("ffmpeg can't decode it", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Read_FileCutShort_GivesTheWholeFramesThatAreThere()
    {
        var wav = Sound.WriteWav(_folder, "cut.wav", 1);
        await using (var file = File.OpenWrite(wav))
        {
            file.SetLength(44 + 1001);
        }

        await using var source = await AudioFiles.OpenAsync(wav, "ffmpeg", default);
        Assert.Equal(1000, (await ReadAllAsync(source, 4096)).Length);
    }

    [Fact]
    public async Task Open_Rf64WithAnOddChunkBefore_ReadsItsLongSize()
    {
        var noise = await File.ReadAllBytesAsync(Sound.WriteWav(_folder, "noise.wav", 1));
        var sizes = new byte[28];
        BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(8), 500);
        byte[] rf64 =
        [
            .. "RF64"u8, 255, 255, 255, 255, .. "WAVE"u8,
            .. "ds64"u8, 28, 0, 0, 0, .. sizes,
            .. "odd "u8, 3, 0, 0, 0, 1, 2, 3, 0,
            .. noise[12..36], .. "data"u8, 255, 255, 255, 255, .. noise[44..],
        ];
        var path = Path.Combine(_folder, "long.wav");
        await File.WriteAllBytesAsync(path, rf64);
        await using var source = await AudioFiles.OpenAsync(path, "ffmpeg", default);
        Assert.Equal(noise[44..544], await ReadAllAsync(source, 64));
    }

    [Theory]
    [InlineData(new byte[0], "empty")]
    [InlineData(new[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F', (byte)0, (byte)0, (byte)0, (byte)0, (byte)'W', (byte)'A', (byte)'V', (byte)'E' }, "ends inside its header")]
    public async Task Open_BrokenWav_SaysWhere(byte[] content, string said)
    {
        var path = Path.Combine(_folder, "broken.wav");
        await File.WriteAllBytesAsync(path, content);
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFiles.OpenAsync(path, "ffmpeg", default));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FolderWithoutAudio_SaysSo()
    {
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "no audio");
        Assert.Contains("no audio files", Assert.Throws<AudioSourceException>(() => AudioFiles.Find([_folder])).Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAllAsync(IAudioSource source, int bufferBytes)
    {
        var all = new List<byte>();
        var buffer = new byte[bufferBytes];
        while (await source.ReadAsync(buffer, default) is var read and > 0)
        {
            all.AddRange(buffer.AsSpan(0, read));
        }

        return [.. all];
    }
}

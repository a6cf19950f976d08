using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StreamGenre.AudioFiles.Tests;

public sealed class AudioFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-audio-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Trait("Category", "Server")]
    [Theory]
    [InlineData("wav", "pcm_u8", 1, SampleEncoding.S16Le)]
    [InlineData("wav", "pcm_s16le", 2, SampleEncoding.S16Le)]
    [InlineData("wav", "pcm_s24le", 1, SampleEncoding.F32Le)]
    [InlineData("wav", "pcm_s24le", 6, SampleEncoding.F32Le)]
    [InlineData("wav", "pcm_s32le", 2, SampleEncoding.F32Le)]
    [InlineData("wav", "pcm_f32le", 8, SampleEncoding.F32Le)]
    [InlineData("wav", "pcm_f64le", 1, SampleEncoding.F32Le)]
    [InlineData("wav", "pcm_mulaw", 2, SampleEncoding.MuLaw)]
    [InlineData("au", "pcm_s8", 1, SampleEncoding.S16Le)]
    [InlineData("au", "pcm_s16be", 1, SampleEncoding.S16Le)]
    [InlineData("au", "pcm_s24be", 2, SampleEncoding.F32Le)]
    [InlineData("au", "pcm_s32be", 1, SampleEncoding.F32Le)]
    [InlineData("au", "pcm_f32be", 2, SampleEncoding.F32Le)]
    [InlineData("au", "pcm_f64be", 1, SampleEncoding.F32Le)]
    [InlineData("au", "pcm_mulaw", 1, SampleEncoding.MuLaw)]
    public async Task Read_EveryCoding_GivesTheSamplesThatFfmpegReads(string form, string codec, int channels, SampleEncoding encoding)
    {
        var noise = Noise.WriteWav(_folder, "noise.wav", 1.3);
        var coded = Path.Combine(_folder, $"coded.{form}");
        var raw = Path.Combine(_folder, "reference.raw");

        // FFmpeg writes the file and reads it again; what it reads is the reference, in the form that our source delivers.
        var delivered = encoding switch { SampleEncoding.S16Le => "s16le", SampleEncoding.F32Le => "f32le", _ => "mulaw" };
        await Ffmpeg.RunAsync("-i", noise, "-ac", channels.ToString(), "-c:a", codec, coded);
        await Ffmpeg.RunAsync("-i", coded, "-c:a", "pcm_" + delivered, "-f", delivered, raw);

        // No FFmpeg of this name: what is read is read in-box.
        await using var source = await AudioFile.OpenAsync(coded, "no-such-ffmpeg", default);
        Assert.Equal(new SourceFormat(encoding, Noise.SampleRateHz, channels), source.Format);
        var read = await ReadAllAsync(source, source.Format.FrameBytes * 333);
        var expected = await File.ReadAllBytesAsync(raw);
        if (encoding == SampleEncoding.F32Le)
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
        var noise = Noise.WriteWav(_folder, "noise.wav", 1);
        var wav = Path.Combine(_folder, "alaw.wav");
        await Ffmpeg.RunAsync("-i", noise, "-c:a", "pcm_alaw", wav);
        await using var source = await AudioFile.OpenAsync(wav, "ffmpeg", default);
        Assert.Equal(new SourceFormat(SampleEncoding.S16Le, Noise.SampleRateHz, 1), source.Format);
        Assert.Equal(2 * Noise.SampleRateHz, (await ReadAllAsync(source, 4096)).Length);
    }

    [Trait("Category", "Server")]
    [Fact]
    public async Task Open_CorruptFile_SaysWhatFfmpegSays()
    {
        var path = Path.Combine(_folder, "broken.mp3");
        await File.WriteAllBytesAsync(path, Enumerable.Repeat((byte)7, 5000).ToArray());
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFile.OpenAsync(path, "ffmpeg", default));
        Assert.Contains("ffmpeg can't decode it", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Read_FileCutShort_GivesTheWholeFramesThatAreThere()
    {
        var wav = Noise.WriteWav(_folder, "cut.wav", 1);
        await using (var file = File.OpenWrite(wav))
        {
            file.SetLength(44 + 1001);
        }

        await using var source = await AudioFile.OpenAsync(wav, "ffmpeg", default);
        Assert.Equal(1000, (await ReadAllAsync(source, 4096)).Length);
    }

    [Fact]
    public async Task Open_Rf64WithAnOddChunkBefore_ReadsItsLongSize()
    {
        var noise = await File.ReadAllBytesAsync(Noise.WriteWav(_folder, "noise.wav", 1));
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
        await using var source = await AudioFile.OpenAsync(path, "ffmpeg", default);
        Assert.Equal(noise[44..544], await ReadAllAsync(source, 64));
    }

    [Theory]
    [InlineData(new byte[0], "empty")]
    [InlineData(new[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F', (byte)0, (byte)0, (byte)0, (byte)0, (byte)'W', (byte)'A', (byte)'V', (byte)'E' }, "ends inside its header")]
    public async Task Open_BrokenWav_SaysWhere(byte[] content, string said)
    {
        var path = Path.Combine(_folder, "broken.wav");
        await File.WriteAllBytesAsync(path, content);
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFile.OpenAsync(path, "ffmpeg", default));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2e736e64000000", "ends inside its header")]
    [InlineData("2e736e640000001c00000000000000030000ac4400000001", "ends before its samples")]
    [InlineData("2e736e640000000000000000000000030000ac4400000001", "not an AU file")]
    public async Task Open_BrokenAu_SaysWhere(string content, string said)
    {
        var path = Path.Combine(_folder, "broken.au");
        await File.WriteAllBytesAsync(path, Convert.FromHexString(content));
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFile.OpenAsync(path, "ffmpeg", default));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AuOfAnUnknownLengthWithANote_ReadsToTheEnd()
    {
        var path = Path.Combine(_folder, "piped.au");
        await File.WriteAllBytesAsync(path, Convert.FromHexString("2e736e640000001cffffffff000000030000ac4400000001" + "6e6f7465" + "0102fffe"));
        await using var source = await AudioFile.OpenAsync(path, "ffmpeg", default);
        Assert.Equal(new SourceFormat(SampleEncoding.S16Le, 44_100, 1), source.Format);
        Assert.Equal(Convert.FromHexString("0201feff"), await ReadAllAsync(source, 64));
    }

    [Fact]
    public async Task Open_WithoutFfmpeg_SaysWhatToInstall()
    {
        var path = Path.Combine(_folder, "music.mp3");
        await File.WriteAllTextAsync(path, "needs a decoder");
        var error = await Assert.ThrowsAsync<AudioSourceException>(() => AudioFile.OpenAsync(path, "no-such-ffmpeg", default));
        Assert.True(error.IsDecoderMissing);
        Assert.Contains("apt-get install ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FolderWithoutAudio_SaysSo()
    {
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "no audio");
        Assert.Contains("no audio files", Assert.Throws<AudioSourceException>(() => AudioFile.Find([_folder])).Message, StringComparison.Ordinal);
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

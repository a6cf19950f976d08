using System.Runtime.InteropServices;

using StreamGenre.AudioFiles.Tests;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests;

/// <summary>WAV files made on the spot: <c>tones</c> are chords of steady sines, <c>noise</c> is bursts of noise.</summary>
internal static class GeneratedAudio
{
    public const int SampleRateHz = 22_050;

    /// <summary>A folder with some recordings of each genre, and an index that gives every two an artist.</summary>
    public static void WriteFolder(string folder, int recordings, double seconds, bool index = true)
    {
        var rows = new List<string> { "file,genre,artist_id,split" };
        foreach (var genre in new[] { "noise", "tones" })
        {
            Directory.CreateDirectory(Path.Combine(folder, genre));
            for (var i = 0; i < recordings; i++)
            {
                var name = $"{genre}/{i:D2}.wav";
                File.WriteAllBytes(Path.Combine(folder, name), Wav(genre == "tones" ? Tones(i, seconds) : Noise(i, seconds), SampleRateHz));
                rows.Add($"{name},{genre},{genre}-{i / 2},{(i % 4 == 3 ? "test" : "dev")}");
            }
        }

        if (index)
        {
            File.WriteAllLines(Path.Combine(folder, "index.csv"), rows);
        }
    }

    public static float[] Tones(int seed, double seconds)
    {
        var random = new Random(seed);
        var frequencies = Enumerable.Range(0, 5).Select(_ => 110 * Math.Pow(2, random.NextDouble() * 5)).ToArray();
        return Samples(seconds, i => frequencies.Sum(frequency => 0.1 * Math.Sin(2 * Math.PI * frequency * i / SampleRateHz)));
    }

    public static float[] Noise(int seed, double seconds)
    {
        var random = new Random(1000 + seed);
        var period = random.Next(4000, 9000);
        return Samples(seconds, i => (random.NextDouble() - 0.5) * Math.Exp(-8.0 * (i % period) / period));
    }

    /// <summary>16-bit samples, little-endian.</summary>
    public static byte[] Pcm(float[] samples)
    {
        var values = Array.ConvertAll(samples, sample => (short)Math.Clamp(Math.Round(sample * 32_767), short.MinValue, short.MaxValue));
        return MemoryMarshal.AsBytes<short>(values).ToArray();
    }

    /// <summary>The clip that a recording of these samples is read as.</summary>
    public static MelClip Clip(float[] samples, MelOptions mel, int sampleRateHz = SampleRateHz)
    {
        var frontEnd = new RecordingFrontEnd(new PcmFormat(PcmEncoding.S16Le, sampleRateHz, 1), mel);
        frontEnd.Push(Pcm(samples));
        var frames = frontEnd.Finish();
        var count = frames.Length / mel.Rows;
        var decibels = new float[frames.Length];
        for (var i = 0; i < frames.Length; i++)
        {
            decibels[((i % mel.Rows) * count) + (i / mel.Rows)] = frames[i];
        }

        return new MelClip("made", 0, "made", mel.Rows, count, decibels);
    }

    /// <summary>The same samples at YAMNet's rate.</summary>
    public static float[] At16KHz(float[] samples)
    {
        var resampler = new Resampler(SampleRateHz, 16_000);
        var resampled = new System.Buffers.ArrayBufferWriter<float>();
        resampler.Push(samples, resampled);
        resampler.Flush(resampled);
        return resampled.WrittenSpan.ToArray();
    }

    /// <summary>A mono Sun AU file of 16-bit samples, as GTZAN's are.</summary>
    public static byte[] Au(float[] samples)
    {
        var pcm = Pcm(samples);
        var words = new[] { 24, pcm.Length, 3, SampleRateHz, 1 };
        var bytes = new List<byte>(".snd"u8.ToArray());
        foreach (var word in words)
        {
            bytes.AddRange([(byte)(word >> 24), (byte)(word >> 16), (byte)(word >> 8), (byte)word]);
        }

        for (var i = 0; i < pcm.Length; i += 2)
        {
            bytes.AddRange([pcm[i + 1], pcm[i]]);
        }

        return [.. bytes];
    }

    /// <summary>A mono WAV of 16-bit samples.</summary>
    public static byte[] Wav(float[] samples, int sampleRateHz) => WavFile.Of(Pcm(samples), sampleRateHz);

    private static float[] Samples(double seconds, Func<int, double> at) =>
        Enumerable.Range(0, (int)(seconds * SampleRateHz)).Select(i => (float)at(i)).ToArray();
}

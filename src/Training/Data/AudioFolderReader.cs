using System.Buffers;

using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;

namespace StreamGenre.Training.Data;

/// <summary>Recordings to mel clips through the front end that serves: decode, mix down, resample, mel.</summary>
/// <param name="mel">The front end.</param>
/// <param name="cache">Where mel frames are kept.</param>
/// <param name="report">Told of every file that is skipped, with the reason, and of how many were read; null for nobody.</param>
internal sealed class AudioFolderReader(MelOptions mel, MelCache cache, Action<string>? report = null)
{
    /// <summary>Reads a folder, several files at once; what can't be decoded is reported and left out.</summary>
    /// <exception cref="TrainingException">The folder is unusable, or nothing in it could be decoded.</exception>
    public async Task<MelSet> ReadAsync(string folder, string? split, CancellationToken cancellation)
    {
        var entries = AudioFolder.List(folder, split);
        var labels = entries.Select(entry => entry.Genre).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var clips = new MelClip?[entries.Count];
        var decoded = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        await Parallel.ForAsync(0, entries.Count, options, async (i, token) =>
        {
            var entry = entries[i];
            try
            {
                var (decibels, fresh) = await ReadFileAsync(entry.Path, token);
                Interlocked.Add(ref decoded, fresh ? 1 : 0);
                clips[i] = new MelClip(entry.Id, labels.IndexOf(entry.Genre), entry.Artist, mel.MelBins, decibels.Length / mel.MelBins, decibels);
            }
            catch (Exception error) when (error is TrainingException or IOException or UnauthorizedAccessException)
            {
                report?.Invoke($"skipped {entry.Id}: {error.Message}");
            }
        });

        var read = clips.OfType<MelClip>().ToList();
        if (read.Count == 0)
        {
            throw new TrainingException($"none of the {entries.Count} recordings in {folder} could be read");
        }

        report?.Invoke($"{folder}: {read.Count} recordings ({decoded} decoded, {read.Count - decoded} from the cache, {entries.Count - read.Count} skipped)");
        return new MelSet(labels, read);
    }

    /// <summary>A file's mel frames [mels, frames], and whether they were computed now.</summary>
    private async Task<(float[] Decibels, bool Fresh)> ReadFileAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new TrainingException("the file doesn't exist");
        }

        if (cache.Read(file, mel) is { } cached)
        {
            return (cached, false);
        }

        var frames = Spectrogram(await AudioDecoding.ReadAsync(path, cancellation), mel);
        return frames.Length == 0
            ? throw new TrainingException("it is shorter than one frame")
            : (cache.Write(file, mel, frames), true);
    }

    /// <summary>The frames [mels, frames] that lie wholly inside the audio, as a server that hears it as a stream makes them.</summary>
    internal static float[] Spectrogram(WavAudio audio, MelOptions mel)
    {
        var mono = new ArrayBufferWriter<float>();
        new PcmDecoder(audio.Format).Push(audio.Bytes.Span, mono);
        if (audio.Format.SampleRateHz != mel.SampleRateHz)
        {
            var resampled = new ArrayBufferWriter<float>();
            var resampler = new Resampler(audio.Format.SampleRateHz, mel.SampleRateHz);
            resampler.Push(mono.WrittenSpan, resampled);
            resampler.Flush(resampled);
            mono = resampled;
        }

        var frames = new ArrayBufferWriter<float>();
        new MelSpectrogram(mel).Push(mono.WrittenSpan, frames);
        var count = frames.WrittenCount / mel.MelBins;
        var transposed = new float[frames.WrittenCount];
        for (var frame = 0; frame < count; frame++)
        {
            for (var bin = 0; bin < mel.MelBins; bin++)
            {
                transposed[(bin * count) + frame] = frames.WrittenSpan[(frame * mel.MelBins) + bin];
            }
        }

        return transposed;
    }
}

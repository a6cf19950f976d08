using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using StreamGenre.AudioFiles;
using StreamGenre.Stages;
using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Tests.Pipeline;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.AkkaEngine.Tests;

/// <summary>The same bytes through both engines give the same updates: sequence, times, states and scores, to the last bit.</summary>
public sealed class EngineParityTests
{
    private static readonly BatchingOptions Batching = new() { Lanes = 2, MaxBatch = 5, MaxDelay = TimeSpan.FromMilliseconds(2) };

    [Fact]
    public async Task Updates_AnyStreamAndCuts_AreTheSame()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, Batching, TimeProvider.System);
        await using var inBox = new GenrePipeline(classifier, Batching, TimeProvider.System);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var options = AnyOptions(seed);
            var pcm = Sound.Noise(seed % 1000, new Random(seed).NextDouble() * 6);
            pcm = pcm[..(pcm.Length - (pcm.Length % options.Format.BytesPerFrame))];
            var expected = Sound.ClassifyAsync(inBox, options, pcm, seed).GetAwaiter().GetResult();
            var actual = Sound.ClassifyAsync(akka, options, pcm, seed + 1).GetAwaiter().GetResult();
            Assert.Equal(expected.Select(Sound.Text), actual.Select(Sound.Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public async Task Updates_ManyStreamsAtOnce_AreTheSame()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, Batching, TimeProvider.System);
        await using var inBox = new GenrePipeline(classifier, Batching, TimeProvider.System);
        async Task<IEnumerable<string>> RunAsync(IGenreEngine engine)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(s => Task.Run(() => Sound.ClassifyAsync(engine, Sound.Options($"s{s}"), Sound.Noise(s, 8), s))));
            return all.SelectMany(updates => updates).Select(Sound.Text);
        }

        Assert.Equal(await RunAsync(inBox), await RunAsync(akka));
        var (a, b) = (inBox.Statistics, akka.Statistics);
        Assert.Equal(
            (a.OpenStreams, a.ClassifiedWindows, a.SilentWindows, a.DroppedWindows, a.QueuedWindows),
            (b.OpenStreams, b.ClassifiedWindows, b.SilentWindows, b.DroppedWindows, b.QueuedWindows));
        Assert.Equal(b.ClassifiedWindows, b.BatchSizes.Select((count, size) => count * size).Sum());
    }

    [Fact]
    public async Task Updates_DemoThroughTheDefaultModel_AreTheSame()
    {
        var root = typeof(EngineParityTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;
        using var model = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = Path.Combine(root, "models", "default.onnx"), Device = InferenceDevice.Cpu });

        // One window a batch: which windows share one is a matter of time, and ONNX Runtime's sums may depend on it in the last bit.
        var batching = new BatchingOptions { MaxBatch = 1 };
        await using var akka = await AkkaHost.StartAsync(model, batching, TimeProvider.System);
        await using var inBox = new GenrePipeline(model, batching, TimeProvider.System);
        var files = Directory.GetFiles(Path.Combine(root, "demo"), "*.wav");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            await using var source = await AudioFile.OpenAsync(file, "ffmpeg", CancellationToken.None);
            var pcm = new byte[source.Format.SampleRateHz * source.Format.Channels * 2 * 12];
            var length = 0;
            while (length < pcm.Length && await source.ReadAsync(pcm.AsMemory(length), CancellationToken.None) is > 0 and var read)
            {
                length += read;
            }

            var options = new GenreStreamOptions
            {
                StreamId = Path.GetFileNameWithoutExtension(file),
                Format = new PcmFormat(PcmEncoding.S16Le, source.Format.SampleRateHz, source.Format.Channels),
            };
            var expected = await Sound.ClassifyAsync(inBox, options, pcm[..length], 1);
            var actual = await Sound.ClassifyAsync(akka, options, pcm[..length], 2);
            Assert.InRange(expected.Count, 10, 20);
            Assert.Equal(expected.Select(Sound.Text), actual.Select(Sound.Text));
        }
    }

    private static GenreStreamOptions AnyOptions(int seed)
    {
        var random = new Random(seed);
        T Any<T>(params T[] choices) => choices[random.Next(choices.Length)];
        return new GenreStreamOptions
        {
            StreamId = $"s{seed}",
            Format = new PcmFormat(Any(PcmEncoding.S16Le, PcmEncoding.MuLaw), Any(8_000, 11_025, 16_000, 44_100), Any(1, 2)),
            WindowHop = TimeSpan.FromSeconds(Any(0.1, 0.25, 0.5, 0.7)),
            Smoothing = new SmoothingOptions { Window = TimeSpan.FromSeconds(Any(1, 2, 30)), Mode = Any(Enum.GetValues<SmoothingMode>()) },
            MaxPendingWindows = Any(1, 2, 8, 64),
            Silence = Any(new SilenceOptions(), new SilenceOptions { CloseDbfs = -30, OpenDbfs = -24 }),
            Announcement = new AnnouncementOptions { Threshold = Any(0.0, 0.3, 0.6), DwellWindows = Any(1, 3) },
        };
    }
}

using System.Runtime.CompilerServices;
using StreamGenre.AkkaEngine.Sources;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.AkkaEngine.Tests.Sources;

public sealed class PulledStreamTests
{
    [Fact]
    public async Task Pull_SourceThatDiesAndEnds_ComesBackAndTheStreamGoesOn()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        var connections = 0;
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Connect([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // Each connection brings one second, cut inside samples, and a byte too many; then it fails, or just ends.
            var connection = Interlocked.Increment(ref connections);
            byte[] audio = [.. Sound.Noise(0, 1), 77];
            for (var from = 0; from < audio.Length; from += 333)
            {
                await Task.Yield();
                yield return audio.AsMemory(from, Math.Min(333, audio.Length - from));
            }

            if (connection >= 6)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (connection % 2 == 0)
            {
                throw new IOException("the radio is gone");
            }
        }

        await using var pulled = akka.Engine.Pull(new PulledAudio
        {
            Stream = Sound.Options("radio"),
            Connect = Connect,
            MinBackoff = TimeSpan.FromMilliseconds(10),
            MaxBackoff = TimeSpan.FromMilliseconds(20),
        });
        var reading = Sound.ReadAsync(pulled.Updates);
        await Until.True(() => pulled.AudioTime == TimeSpan.FromSeconds(6), "six connections' audio");
        await pulled.CompleteAsync().WaitAsync(Until.Patience);
        var updates = await reading.WaitAsync(Until.Patience);

        // As if the six seconds had come in one piece: no sample made of the bytes of two.
        var whole = Enumerable.Repeat(Sound.Noise(0, 1), 6).SelectMany(second => second).ToArray();
        var expected = await Sound.ClassifyAsync(akka, Sound.Options("radio"), whole, 1);
        Assert.Equal(expected.Select(Sound.Text), updates.Select(Sound.Text));
        Assert.Equal(6, connections);
    }

    [Fact]
    public async Task DisposeAsync_SourceConnected_DisconnectsIt()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        var disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Connect([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await using var registration = cancellationToken.Register(disconnected.SetResult);
            yield return Sound.Noise(0, 1);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        var pulled = akka.Engine.Pull(new PulledAudio { Stream = Sound.Options("radio"), Connect = Connect });
        await Until.True(() => pulled.AudioTime > TimeSpan.Zero, "the source to be connected");
        await pulled.DisposeAsync();
        await disconnected.Task.WaitAsync(Until.Patience);
        Assert.DoesNotContain(await Sound.ReadAsync(pulled.Updates), update => update.State == StreamState.Ended);
        Assert.Equal(0, akka.Statistics.OpenStreams);
    }

    [Fact]
    public async Task Pull_PausesOutOfRange_IsRefusedWithTheValues()
    {
        using var classifier = new BandClassifier(TestContracts.Small);
        await using var akka = await AkkaHost.StartAsync(classifier, new BatchingOptions(), TimeProvider.System);
        var error = Assert.Throws<ArgumentException>(() => akka.Engine.Pull(new PulledAudio
        {
            Stream = Sound.Options("radio"),
            Connect = _ => AsyncEnumerable.Empty<ReadOnlyMemory<byte>>(),
            MinBackoff = TimeSpan.FromSeconds(3),
            MaxBackoff = TimeSpan.FromSeconds(2),
        }));
        Assert.Contains("3 s to 2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, akka.Statistics.OpenStreams);
    }
}

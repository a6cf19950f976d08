#if AKKA_ENGINE
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StreamGenre.AkkaEngine;
using StreamGenre.AkkaEngine.Sources;
#endif

namespace StreamGenre.Benchmarks.Engines;

/// <content>What only the Akka engine has: pulled sources and followers.</content>
internal sealed partial class SoakLoad
{
#if AKKA_ENGINE
    private readonly ActorMaterializer _followers = ActorSystem.Create("followers", "akka.log-dead-letters = off").Materializer();

    private IEnumerable<(string Kind, int Number, Func<Random, Task> Run)> OwnKinds() =>
        engine is AkkaGenreEngine akka ? [("pulled", 2, random => PulledAsync(akka, random)), ("followed", 1, random => FollowedAsync(akka, random))] : [];

    /// <summary>A source that dies every second or two, inside a sample too, and comes back; its audio must be whole.</summary>
    private async Task PulledAsync(AkkaGenreEngine akka, Random random)
    {
        var (pcm, expected) = _pieces[random.Next(Pieces)];
        var sent = 0;
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Connect([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var until = Math.Min(pcm.Length, sent + (music.BytesPerSecond * random.Next(1, 3)));
            while (sent < until)
            {
                var length = Math.Min(until - sent, music.Format.BytesPerFrame * random.Next(1, 5000));
                var bytes = pcm.AsMemory(sent, length);
                sent += length;
                await Task.Delay(random.Next(20), cancellationToken);
                yield return bytes;
            }

            if (sent == pcm.Length)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            yield return new byte[1];
            if (random.Next(2) == 0)
            {
                throw new IOException("the source is gone");
            }
        }

        await using var pulled = akka.Pull(new PulledAudio
        {
            Stream = music.Stream("pulled"),
            Connect = Connect,
            MinBackoff = TimeSpan.FromMilliseconds(20),
            MaxBackoff = TimeSpan.FromMilliseconds(100),
        });
        var reading = ReadAsync(pulled.Updates);
        while (pulled.AudioTime < TimeSpan.FromSeconds(PieceSeconds))
        {
            await Task.Delay(20);
        }

        await pulled.CompleteAsync();
        Compare(expected, await reading);
    }

    /// <summary>Followers of a stream, one of which never reads on.</summary>
    private async Task FollowedAsync(AkkaGenreEngine akka, Random random)
    {
        await using var stream = akka.Open(music.Stream($"followed-{random.Next()}"));
        var reading = ReadAsync(stream.Updates);
        var never = new TaskCompletionSource<int>();
        var stuck = (await akka.FollowAsync(stream.StreamId)).SelectAsync(1, _ => never.Task).RunWith(Sink.Ignore<int>(), _followers);
        var seen = (await akka.FollowAsync(stream.StreamId)).RunAggregate(0, static (count, _) => count + 1, _followers);
        await stream.WriteAsync(_pieces[random.Next(Pieces)].Pcm);
        await stream.CompleteAsync();
        never.SetResult(0);
        var owned = (await reading).Count;
        await stuck;
        if (await seen is var followed && followed > owned)
        {
            Wrong.Enqueue($"followed: {followed} updates of {owned}");
        }
    }
#else
    private static IEnumerable<(string Kind, int Number, Func<Random, Task> Run)> OwnKinds() => [];
#endif
}

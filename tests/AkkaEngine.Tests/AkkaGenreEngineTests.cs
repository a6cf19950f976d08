using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.AkkaEngine.Tests;

/// <summary>The Akka engine keeps what every engine promises.</summary>
public static class AkkaGenreEngineTests
{
    public sealed class Updates : EngineUpdateTests<HostedAkka>;

    public sealed class Writes : EngineWriteTests<HostedAkka>;

    public sealed class Lifetimes : EngineLifetimeTests<HostedAkka>;

    public abstract class HostedAkka : IEngineUnderTest
    {
        public static async Task<IGenreEngine> StartAsync(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
            => await AkkaHost.StartAsync(classifier, batching, time);
    }
}

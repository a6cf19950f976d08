using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.Stages.Tests.Batching;

public sealed class BatchingOptionsTests
{
    private static readonly IGenreClassifier OnCpu = new BandClassifier(TestContracts.Small);

    [Fact]
    public void For_NothingSet_ChoosesForTheDevice() =>
        Assert.Equal(new BatchingOptions { MaxBatch = 8, Lanes = Environment.ProcessorCount }, new BatchingOptions().For(OnCpu));

    [Fact]
    public void For_EverythingSet_KeepsIt()
    {
        var options = new BatchingOptions { MaxBatch = 100, Lanes = 3, QueueCapacity = 7, MaxDelay = TimeSpan.FromMilliseconds(1) };
        Assert.Equal(options, options.For(OnCpu));
    }

    [Fact]
    public void For_OptionsWrong_ListsAllErrors()
    {
        var options = new BatchingOptions { MaxBatch = int.MaxValue, MaxDelay = TimeSpan.FromSeconds(2), QueueCapacity = 0, Lanes = -1 };
        var error = Assert.Throws<InvalidOperationException>(() => options.For(OnCpu));
        Assert.All(
            ["max_batch is 2147483647; it must be 0..1024, 0 for automatic", "max_delay is 2000 ms", "queue_capacity is 0", "lanes is -1"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}

using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages.Tests.Inference;

public sealed class BatchBucketsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 32, 4)]
    [InlineData(17, 32, 32)]
    [InlineData(32, 32, 32)]
    [InlineData(33, 48, 48)]
    [InlineData(513, 1000, 1000)]
    [InlineData(1024, 1024, 1024)]
    public void For_Windows_GivesTheNextPowerOfTwoOrTheLargest(int windows, int maxWindows, int bucket) =>
        Assert.Equal(bucket, BatchBuckets.For(windows, maxWindows));

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(8, new[] { 8, 4, 2, 1 })]
    [InlineData(6, new[] { 6, 4, 2, 1 })]
    public void Descending_AnyLargest_IsEveryBucketOnce(int maxWindows, int[] buckets)
    {
        Assert.Equal(buckets, BatchBuckets.Descending(maxWindows));
        Assert.Equal(buckets.Order(), Enumerable.Range(1, maxWindows).Select(windows => BatchBuckets.For(windows, maxWindows)).Distinct().Order());
    }
}

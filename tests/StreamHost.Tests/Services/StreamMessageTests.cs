using System.Buffers;
using Google.Protobuf;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;
using StreamGenre.StreamHost.Services;

namespace StreamGenre.StreamHost.Tests.Services;

public sealed class StreamMessageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void Read_Audio_IsTheBytesWhateverSegmentsTheyCameIn(int length)
    {
        var audio = new byte[length];
        new Random(length).NextBytes(audio);
        var wire = new V1.ClassifyRequest { Audio = ByteString.CopyFrom(audio) }.ToByteArray();
        foreach (var cut in new[] { 0, 1, 2, 3, wire.Length / 2, wire.Length }.Where(cut => cut <= wire.Length))
        {
            var message = StreamMessage.Read(Segment.Join(wire.AsMemory(0, cut), wire.AsMemory(cut)));
            Assert.Null(message.Config);
            Assert.Equal(audio, message.Audio!.Value.ToArray());
            message.Release();
        }
    }

    [Fact]
    public void Read_ConfigEmptyAndUnknownFields_IsWhatTheGeneratedClassReads()
    {
        var config = new V1.StreamConfig { SampleRateHz = 8000, StreamId = "x" };
        Assert.Equal(config, Read(new V1.PublishRequest { Config = config }.ToByteArray()).Config);
        Assert.Equal((null, null), (Read([]).Config, Read([]).Audio));

        // Audio, and a field 15 from a later version of the contract behind it.
        byte[] later = [.. new V1.PublishRequest { Audio = ByteString.CopyFrom(1, 2, 3) }.ToByteArray(), 0x78, 1];
        Assert.Equal([1, 2, 3], Read(later).Audio!.Value.ToArray());

        // The last of a oneof counts.
        byte[] both = [.. new V1.PublishRequest { Config = config }.ToByteArray(), .. new V1.PublishRequest { Audio = ByteString.CopyFrom(4) }.ToByteArray()];
        Assert.Equal([4], Read(both).Audio!.Value.ToArray());
        Assert.Throws<InvalidProtocolBufferException>(() => Read([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
        Assert.Throws<InvalidProtocolBufferException>(() => Read([0x12, 5, 1]));
    }

    [Fact]
    public void Write_OverAnEarlierUpdate_EqualsOneWrittenAnew()
    {
        var model = new ModelContract { Name = "m", Version = "1", Labels = ["a", "b"], TrainingData = "none", License = "none" };
        GenreUpdate[] updates =
        [
            Update(1, new float[] { 0.25f, 0.75f }, StreamState.Live), Update(2, default, StreamState.Silent), Update(3, new float[] { 1, 0 }, StreamState.Live),
            Update(4, default, StreamState.Ended),
        ];
        var reused = new V1.GenreUpdate();
        foreach (var update in updates)
        {
            Assert.Equal(WireUpdate.Write(update, 7), WireUpdate.Write(update, 7, reused));
        }

        GenreUpdate Update(long sequence, ReadOnlyMemory<float> scores, StreamState state) => new()
        {
            StreamId = "s", Sequence = sequence, WindowStart = TimeSpan.FromSeconds(sequence), WindowEnd = TimeSpan.FromSeconds(sequence + 3.25), WindowScores = scores,
            RollingScores = scores, TopGenre = scores.IsEmpty ? "" : "a", State = state, SmoothedDuration = TimeSpan.FromMilliseconds(1.5), DroppedWindows = 2,
            ProcessingLatency = TimeSpan.FromTicks(123_456_789), Model = model,
        };
    }

    private static StreamMessage Read(byte[] wire) => StreamMessage.Read(new ReadOnlySequence<byte>(wire));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            var end = new Segment { Memory = second, RunningIndex = first.Length };
            return new ReadOnlySequence<byte>(new Segment { Memory = first, Next = end }, 0, end, second.Length);
        }
    }
}

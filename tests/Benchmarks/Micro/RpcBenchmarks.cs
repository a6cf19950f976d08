using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Wire;

namespace StreamGenre.Benchmarks.Micro;

/// <summary>Messages through gRPC's framing and protobuf, without the network: 100 ms of 22 kHz audio, and an update.</summary>
public class RpcBenchmarks
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly MessageFramer _framer = new(maxSize: null);
    private readonly V1.ClassifyRequest _audio = new() { Audio = UnsafeByteOperations.UnsafeWrap(new byte[4410]) };
    private readonly V1.GenreUpdate _update = new() { StreamId = "stream", TopGenre = "jazz", ModelName = "streamgenre-default", ModelVersion = "1.0.0", Sequence = 1000 };
    private MessageReader<V1.ClassifyRequest> _audioReader = null!;
    private MessageReader<V1.GenreUpdate> _updateReader = null!;

    [GlobalSetup]
    public void Start()
    {
        for (var i = 0; i < 11; i++)
        {
            _update.WindowScores.Add(new V1.GenreScore { Genre = "genre-" + i, Score = 0.1f });
            _update.RollingScores.Add(new V1.GenreScore { Genre = "genre-" + i, Score = 0.1f });
        }

        _audioReader = new(_pipe.Reader, Deserializer(V1.ClassifyRequest.Parser), encoding: null, maxSize: null);
        _updateReader = new(_pipe.Reader, Deserializer(V1.GenreUpdate.Parser), encoding: null, maxSize: null);
    }

    /// <summary>As the client writes it.</summary>
    [Benchmark]
    public async Task<bool> AudioThereAsGeneratedMessage()
    {
        _framer.Write(_audio, Serialize, _pipe.Writer, compress: false);
        await _pipe.Writer.FlushAsync();
        return await _audioReader.ReadAsync(CancellationToken.None);
    }

    [Benchmark]
    public async Task<bool> UpdateThere()
    {
        _framer.Write(_update, Serialize, _pipe.Writer, compress: false);
        await _pipe.Writer.FlushAsync();
        return await _updateReader.ReadAsync(CancellationToken.None);
    }

    private static Func<DeserializationContext, T> Deserializer<T>(MessageParser<T> parser)
        where T : IMessage<T> => context => parser.ParseFrom(context.PayloadAsReadOnlySequence());

    private static void Serialize(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}

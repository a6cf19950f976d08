using System.Runtime.InteropServices;
using System.Text;

namespace StreamGenre.Stages.Tests.Inference;

/// <summary>
/// A real ONNX model, written by hand in protobuf's wire format (onnx.proto's field numbers in the comments): output = the mean of each
/// mel band over the frames, times <see cref="Weights"/>. Everything about it can be bent to break a contract.
/// </summary>
internal sealed record TinyOnnxModel
{
    public int Mels { get; init; } = 16;

    public int Frames { get; init; } = 20;

    public int Labels { get; init; } = 4;

    /// <summary>Input [N, 1, mels, frames] (4) or [N, mels, frames] (3).</summary>
    public int Rank { get; init; } = 4;

    public string InputName { get; init; } = "mel";

    public string OutputName { get; init; } = "logits";

    /// <summary>A second input that nothing reads; null for none.</summary>
    public string? ExtraInput { get; init; }

    /// <summary>Batch axis of the input; 0 for a free one.</summary>
    public int FixedBatch { get; init; }

    /// <summary>Whether input, weights and output are float64.</summary>
    public bool Double { get; init; }

    /// <summary>Most windows that it can be run with, though its shapes say any; null for any.</summary>
    public int? MostWindows { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>[mels, labels]; a fixed pattern of both signs.</summary>
    public float[] Weights => [.. Enumerable.Range(0, Mels * Labels).Select(i => (((i * 7) % 11) - 5) / 10f)];

    /// <summary>What it gives for one patch, [mels, frames].</summary>
    public float[] Expected(ReadOnlySpan<float> patch)
    {
        var output = new float[Labels];
        for (var mel = 0; mel < Mels; mel++)
        {
            var mean = 0.0;
            foreach (var cell in patch.Slice(mel * Frames, Frames))
            {
                mean += cell / (double)Frames;
            }

            for (var label = 0; label < Labels; label++)
            {
                output[label] += (float)(mean * Weights[(mel * Labels) + label]);
            }
        }

        return output;
    }

    public byte[] Bytes()
    {
        var type = Double ? 11 : 1;
        int[] inputShape = Rank == 4 ? [FixedBatch, 1, Mels, Frames] : [FixedBatch, Mels, Frames];
        long[] reduced = Rank == 4 ? [1, 3] : [2];

        var mean = new Message()
            .Add(1, InputName).Add(2, "means").Add(4, "ReduceMean")
            .Add(5, new Message().Add(1, "axes").Add(8, reduced).Add(20, 7))
            .Add(5, new Message().Add(1, "keepdims").Add(3, 0).Add(20, 2));
        var product = new Message().Add(1, "means").Add(1, "weights").Add(2, MostWindows is null ? OutputName : "products").Add(4, "MatMul");
        var weights = new Message().Add(1, [Mels, Labels]).Add(2, type).Add(8, "weights").Add(9, RawWeights());
        var graph = new Message().Add(1, mean).Add(1, product).Add(2, "tiny").Add(5, weights).Add(11, Value(InputName, type, inputShape));
        if (MostWindows is { } most)
        {
            // Adds table[N], a zero of as many as there are numbers of windows.
            graph.Add(1, new Message().Add(1, "means").Add(2, "windows").Add(4, "Shape").Add(5, new Message().Add(1, "end").Add(3, 1).Add(20, 2)))
                .Add(1, new Message().Add(1, "table").Add(1, "windows").Add(2, "zero").Add(4, "Gather"))
                .Add(1, new Message().Add(1, "products").Add(1, "zero").Add(2, OutputName).Add(4, "Add"))
                .Add(5, new Message().Add(1, [most + 1]).Add(2, 1).Add(8, "table").Add(9, new byte[4 * (most + 1)]));
        }

        if (ExtraInput is not null)
        {
            graph.Add(11, Value(ExtraInput, type, [0]));
        }

        graph.Add(12, Value(OutputName, type, [FixedBatch, Labels]));
        var model = new Message().Add(1, 8).Add(2, "streamgenre tests").Add(7, graph).Add(8, new Message().Add(1, "").Add(2, 17));
        foreach (var (key, value) in Metadata)
        {
            model.Add(14, new Message().Add(1, key).Add(2, value));
        }

        return model.ToArray();
    }

    private byte[] RawWeights() => Double
        ? MemoryMarshal.AsBytes<double>(Weights.Select(w => (double)w).ToArray()).ToArray()
        : MemoryMarshal.AsBytes<float>(Weights).ToArray();

    /// <summary>A ValueInfoProto: name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1, dim_param = 2 } } } }.</summary>
    private static Message Value(string name, int type, int[] shape)
    {
        var dims = new Message();
        foreach (var size in shape)
        {
            dims.Add(1, size > 0 ? new Message().Add(1, size) : new Message().Add(2, "N"));
        }

        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, type).Add(2, dims)));
    }

    /// <summary>Protobuf's wire format: varints and length-delimited fields.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public byte[] ToArray() => [.. _bytes];

        public Message Add(int field, long value)
        {
            Varint(field << 3);
            Varint(value);
            return this;
        }

        public Message Add(int field, byte[] value)
        {
            Varint((field << 3) | 2);
            Varint(value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public Message Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

        public Message Add(int field, Message value) => Add(field, value.ToArray());

        public Message Add(int field, long[] values)
        {
            foreach (var value in values)
            {
                Add(field, value);
            }

            return this;
        }

        private void Varint(long value)
        {
            var rest = (ulong)value;
            while (rest >= 0x80)
            {
                _bytes.Add((byte)(rest | 0x80));
                rest >>= 7;
            }

            _bytes.Add((byte)rest);
        }
    }
}

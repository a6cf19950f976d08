using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StreamGenre.Stages.Audio;

/// <summary>
/// Bytes of any chunking -> mono samples, full scale ±1, the mean over the channels. Keeps the bytes of an unfinished frame for the next call.
/// f32 samples that are not finite become 0, and those beyond ±<see cref="FloatLimit"/> are held there, so that no later step meets an infinity.
/// </summary>
public sealed class PcmDecoder
{
    /// <summary>Magnitude at which f32 samples are held: 96 dB over full scale, and its power still fits single precision.</summary>
    public const float FloatLimit = 65_536;

    private static readonly float[] MuLawTable = CreateMuLawTable();

    private readonly byte[] _pending;

    /// <summary>A decoder at the start of a stream.</summary>
    /// <exception cref="ArgumentException">With everything wrong with <paramref name="format"/>.</exception>
    public PcmDecoder(PcmFormat format)
    {
        if (format.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join("; ", errors), nameof(format));
        }

        Format = format;
        _pending = new byte[format.BytesPerFrame];
    }

    /// <summary>The form of the bytes.</summary>
    public PcmFormat Format { get; }

    /// <summary>Bytes held of a frame that has begun but not ended; 0..BytesPerFrame−1.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Takes the next bytes, cut anywhere, and writes one sample for each frame that they complete.</summary>
    public void Push(ReadOnlySpan<byte> pcm, IBufferWriter<float> mono)
    {
        if (PendingBytes > 0)
        {
            var taken = Math.Min(pcm.Length, _pending.Length - PendingBytes);
            pcm[..taken].CopyTo(_pending.AsSpan(PendingBytes));
            pcm = pcm[taken..];
            PendingBytes += taken;
            if (PendingBytes < _pending.Length)
            {
                return;
            }

            Decode(_pending, mono.GetSpan(1)[..1]);
            mono.Advance(1);
            PendingBytes = 0;
        }

        var frames = pcm.Length / _pending.Length;
        if (frames > 0)
        {
            Decode(pcm[..(frames * _pending.Length)], mono.GetSpan(frames)[..frames]);
            mono.Advance(frames);
        }

        var rest = pcm[(frames * _pending.Length)..];
        rest.CopyTo(_pending);
        PendingBytes = rest.Length;
    }

    // G.711: the complemented code is sign (1), exponent (3), mantissa (4); magnitude ((mantissa·8 + 132) << exponent) − 132 of 32,768.
    private static float[] CreateMuLawTable()
    {
        var table = new float[256];
        for (var code = 0; code < table.Length; code++)
        {
            var bits = ~code & 0xFF;
            var magnitude = ((((bits & 0x0F) << 3) + 132) << ((bits >> 4) & 7)) - 132;
            table[code] = ((bits & 0x80) != 0 ? -magnitude : magnitude) / 32_768f;
        }

        return table;
    }

    private void Decode(ReadOnlySpan<byte> pcm, Span<float> mono)
    {
        switch (Format.Encoding)
        {
            case PcmEncoding.S16Le when BitConverter.IsLittleEndian && Format.Channels == 1:
                DecodeS16Mono(MemoryMarshal.Cast<byte, short>(pcm), mono);
                break;
            case PcmEncoding.S16Le when BitConverter.IsLittleEndian && Format.Channels == 2:
                DecodeS16Stereo(MemoryMarshal.Cast<byte, int>(pcm), mono);
                break;
            case PcmEncoding.S16Le:
                DecodeS16(pcm, mono);
                break;
            case PcmEncoding.F32Le:
                DecodeF32(pcm, mono);
                break;
            default:
                DecodeMuLaw(pcm, mono);
                break;
        }
    }

    // Every S16 path sums the channels exactly in whole numbers and rounds once, so the paths agree to the bit.
    private static void DecodeS16Mono(ReadOnlySpan<short> samples, Span<float> mono)
    {
        const float scale = 1 / 32_768f;
        var i = 0;
        for (; i <= samples.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(samples[i..]), out var low, out var high);
            (Vector.ConvertToSingle(low) * scale).CopyTo(mono[i..]);
            (Vector.ConvertToSingle(high) * scale).CopyTo(mono[(i + Vector<float>.Count)..]);
        }

        for (; i < samples.Length; i++)
        {
            mono[i] = samples[i] * scale;
        }
    }

    private static void DecodeS16Stereo(ReadOnlySpan<int> frames, Span<float> mono)
    {
        const float scale = 1 / 65_536f;
        var i = 0;
        for (; i <= frames.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var pair = new Vector<int>(frames[i..]);
            var sum = ((pair << 16) >> 16) + (pair >> 16);
            (Vector.ConvertToSingle(sum) * scale).CopyTo(mono[i..]);
        }

        for (; i < frames.Length; i++)
        {
            mono[i] = ((short)frames[i] + (frames[i] >> 16)) * scale;
        }
    }

    private void DecodeS16(ReadOnlySpan<byte> pcm, Span<float> mono)
    {
        var scale = 1 / (32_768f * Format.Channels);
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0;
            for (var channel = 0; channel < Format.Channels; channel++)
            {
                sum += BinaryPrimitives.ReadInt16LittleEndian(pcm[(2 * ((i * Format.Channels) + channel))..]);
            }

            mono[i] = sum * scale;
        }
    }

    // In blocks: first every sample is made sound, then the channels are averaged.
    private void DecodeF32(ReadOnlySpan<byte> pcm, Span<float> mono)
    {
        var channels = Format.Channels;
        Span<float> block = stackalloc float[64 * PcmFormat.MaxChannels];
        while (mono.Length > 0)
        {
            var frames = Math.Min(mono.Length, block.Length / channels);
            var samples = block[..(frames * channels)];
            pcm[..(4 * samples.Length)].CopyTo(MemoryMarshal.AsBytes(samples));
            MakeSound(samples);
            Average(samples, channels, mono[..frames]);
            pcm = pcm[(4 * samples.Length)..];
            mono = mono[frames..];
        }
    }

    private static void Average(ReadOnlySpan<float> samples, int channels, Span<float> mono)
    {
        if (channels == 1)
        {
            samples.CopyTo(mono);
            return;
        }

        var scale = 1f / channels;
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = samples[0] + samples[1];
            for (var channel = 2; channel < channels; channel++)
            {
                sum += samples[channel];
            }

            mono[i] = sum * scale;
            samples = samples[channels..];
        }
    }

    private static void MakeSound(Span<float> samples)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<float, int>(samples);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        var largest = new Vector<float>(float.MaxValue);
        var limit = new Vector<float>(FloatLimit);
        var n = 0;
        for (; n <= samples.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            var values = new Vector<float>(samples[n..]);
            // Neither NaN nor an infinity is at most the largest number.
            values = Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(values), largest), values, Vector<float>.Zero);
            Vector.Min(Vector.Max(values, -limit), limit).CopyTo(samples[n..]);
        }

        for (; n < samples.Length; n++)
        {
            samples[n] = float.IsFinite(samples[n]) ? Math.Clamp(samples[n], -FloatLimit, FloatLimit) : 0;
        }
    }

    private void DecodeMuLaw(ReadOnlySpan<byte> pcm, Span<float> mono)
    {
        var scale = 1f / Format.Channels;
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < Format.Channels; channel++)
            {
                sum += MuLawTable[pcm[(i * Format.Channels) + channel]];
            }

            mono[i] = sum * scale;
        }
    }
}

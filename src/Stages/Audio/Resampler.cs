using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Audio;

/// <summary>
/// Band-limited resampling between any two rates of 8,000..192,000 Hz. Passes what lies under 0.9 of the lower Nyquist frequency within 0.1 dB
/// and holds what lies above it under −80 dB. Output sample n belongs to time n/OutputRateHz: the filter's delay is made up for, so a
/// sample is written once the filter's half width of later input is there, and <see cref="Flush"/> gives the rest.
/// Not thread-safe; state belongs to one stream.
/// </summary>
public sealed unsafe class Resampler
{
    // Input taken at a time: 16 KiB, which stays in the first-level cache beside the filter.
    private const int BlockSamples = 4096;

    private readonly ResamplerFilter? _filter;
    private readonly AlignedArray<float>? _samples;
    private readonly int _inputStep;
    private readonly int _outputStep;

    // Output n lies _position + _remainder/_outputStep after the first sample of _samples.
    private int _filled;
    private int _position;
    private int _remainder;

    /// <summary>A resampler at the start of a stream.</summary>
    /// <param name="inputRateHz">8,000..192,000.</param>
    /// <param name="outputRateHz">8,000..192,000.</param>
    public Resampler(int inputRateHz, int outputRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRateHz, PcmFormat.MinSampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputRateHz, PcmFormat.MaxSampleRateHz);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRateHz, PcmFormat.MinSampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputRateHz, PcmFormat.MaxSampleRateHz);
        InputRateHz = inputRateHz;
        OutputRateHz = outputRateHz;
        var divisor = (int)BigInteger.GreatestCommonDivisor(inputRateHz, outputRateHz);
        _inputStep = inputRateHz / divisor;
        _outputStep = outputRateHz / divisor;
        if (IsPassThrough)
        {
            return;
        }

        _filter = ResamplerFilter.Get(_inputStep, _outputStep);
        // Slack for three outputs beyond the last (see Dot4).
        _samples = new AlignedArray<float>(_filter.Taps + BlockSamples + (3 * _inputStep / _outputStep));
        // Zeros before the stream's first sample, which lies at HalfTaps − 1.
        _filled = _filter.HalfTaps - 1;
        _position = _filled;
    }

    /// <summary>Rate of the samples that go in, in Hz.</summary>
    public int InputRateHz { get; }

    /// <summary>Rate of the samples that come out, in Hz.</summary>
    public int OutputRateHz { get; }

    /// <summary>True for equal rates: samples come out as they go in, and a caller may leave the resampler out.</summary>
    public bool IsPassThrough => _inputStep == _outputStep;

    /// <summary>Samples taken so far.</summary>
    public long InputCount { get; private set; }

    /// <summary>Samples written so far.</summary>
    public long OutputCount { get; private set; }

    /// <summary>Takes the next samples, cut anywhere, and writes those at the new rate that they settle.</summary>
    public void Push(ReadOnlySpan<float> samples, IBufferWriter<float> output)
    {
        InputCount += samples.Length;
        if (IsPassThrough)
        {
            output.Write(samples);
            OutputCount += samples.Length;
            return;
        }

        Take(samples, output, long.MaxValue);
    }

    /// <summary>
    /// Ends the stream: writes the samples that still waited for later input, as if silence followed. In all
    /// InputCount·OutputRateHz/InputRateHz samples come out, rounded. Push must not be called afterwards.
    /// </summary>
    public void Flush(IBufferWriter<float> output)
    {
        if (IsPassThrough)
        {
            return;
        }

        var due = (long)(((Int128)InputCount * 2 * _outputStep + _inputStep) / (2 * _inputStep));
        Span<float> zeros = stackalloc float[256];
        zeros.Clear();
        while (OutputCount < due)
        {
            Take(zeros, output, due);
        }
    }

    private void Take(ReadOnlySpan<float> samples, IBufferWriter<float> output, long limit)
    {
        while (samples.Length > 0)
        {
            var taken = Math.Min(samples.Length, _filter!.Taps + BlockSamples - _filled);
            samples[..taken].CopyTo(_samples!.Span[_filled..]);
            samples = samples[taken..];
            _filled += taken;
            Write(output, limit);

            var done = _position - _filter.HalfTaps + 1;
            _samples.Span[done.._filled].CopyTo(_samples.Span);
            _filled -= done;
            _position -= done;
        }
    }

    private void Write(IBufferWriter<float> output, long limit)
    {
        // Output is settled while _position + HalfTaps < _filled.
        var room = (long)_filled - _filter!.HalfTaps - _position;
        var count = room <= 0 ? 0 : (((room * _outputStep) - _remainder - 1) / _inputStep) + 1;
        count = Math.Min(count, limit - OutputCount);
        if (count <= 0)
        {
            return;
        }

        var target = output.GetSpan((int)count)[..(int)count];
        if (Vector512.IsHardwareAccelerated)
        {
            Write<Lanes16, Vector512<float>>(target);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Write<Lanes8, Vector256<float>>(target);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Write<Lanes4, Vector128<float>>(target);
        }
        else
        {
            Write<Lanes1, float>(target);
        }

        output.Advance(target.Length);
        OutputCount += target.Length;
    }

    private void Write<TLanes, TVector>(Span<float> target)
        where TLanes : struct, ILanes<float, TVector>
        where TVector : struct
    {
        var filter = _filter!;
        var first = _samples!.Pointer - filter.HalfTaps + 1;
        var rows = filter.Rows.Pointer;
        var step = _inputStep / _outputStep;
        var stepRemainder = _inputStep % _outputStep;
        if (_outputStep == 1)
        {
            Span<float> four = stackalloc float[4];
            for (var n = 0; n < target.Length; n += 4)
            {
                // A last group of fewer reads on into the buffer's slack and drops what comes of it.
                var count = Math.Min(4, target.Length - n);
                Dot4<TLanes, TVector>(first + _position, step, rows, filter.Taps, four);
                four[..count].CopyTo(target[n..]);
                _position += count * step;
            }

            GC.KeepAlive(this);
            return;
        }

        for (var n = 0; n < target.Length; n++)
        {
            var samples = first + _position;
            if (filter.Interpolates)
            {
                var (row, rest) = Math.DivRem((long)_remainder * filter.Positions, _outputStep);
                var taps = rows + (row * filter.Taps);
                var before = Dot<TLanes, TVector>(samples, taps, filter.Taps);
                var after = Dot<TLanes, TVector>(samples, taps + filter.Taps, filter.Taps);
                target[n] = before + ((after - before) * ((float)rest / _outputStep));
            }
            else
            {
                target[n] = Dot<TLanes, TVector>(samples, rows + ((long)_remainder * filter.Taps), filter.Taps);
            }

            _position += step;
            _remainder += stepRemainder;
            if (_remainder >= _outputStep)
            {
                _remainder -= _outputStep;
                _position++;
            }
        }

        GC.KeepAlive(this);
    }

    // Four sums in turn hide the additions' latency. Count is a multiple of 16, so vectors of 16 may leave one to three over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot<TLanes, TVector>(float* samples, float* taps, int count)
        where TLanes : struct, ILanes<float, TVector>
        where TVector : struct
    {
        var width = TLanes.Count;
        var (sum0, sum1, sum2, sum3) = (TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0));
        var i = 0;
        for (; i <= count - (4 * width); i += 4 * width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(samples + i), TLanes.Load(taps + i), sum0);
            sum1 = TLanes.MultiplyAdd(TLanes.Load(samples + i + width), TLanes.Load(taps + i + width), sum1);
            sum2 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (2 * width)), TLanes.Load(taps + i + (2 * width)), sum2);
            sum3 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (3 * width)), TLanes.Load(taps + i + (3 * width)), sum3);
        }

        for (; i < count; i += width)
        {
            sum0 = TLanes.MultiplyAdd(TLanes.Load(samples + i), TLanes.Load(taps + i), sum0);
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(sum0, sum1), TLanes.Add(sum2, sum3)));
    }

    // Four output samples under one row of taps: where every output lies on an input sample, half the loads are saved.
    private static void Dot4<TLanes, TVector>(float* samples, int step, float* taps, int count, Span<float> target)
        where TLanes : struct, ILanes<float, TVector>
        where TVector : struct
    {
        var (even0, odd0, even1, odd1) = (TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0));
        var (even2, odd2, even3, odd3) = (even0, odd0, even1, odd1);
        var i = 0;
        for (; i <= count - (2 * TLanes.Count); i += 2 * TLanes.Count)
        {
            var weights = TLanes.Load(taps + i);
            even0 = TLanes.MultiplyAdd(TLanes.Load(samples + i), weights, even0);
            even1 = TLanes.MultiplyAdd(TLanes.Load(samples + i + step), weights, even1);
            even2 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (2 * step)), weights, even2);
            even3 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (3 * step)), weights, even3);
            var next = i + TLanes.Count;
            weights = TLanes.Load(taps + next);
            odd0 = TLanes.MultiplyAdd(TLanes.Load(samples + next), weights, odd0);
            odd1 = TLanes.MultiplyAdd(TLanes.Load(samples + next + step), weights, odd1);
            odd2 = TLanes.MultiplyAdd(TLanes.Load(samples + next + (2 * step)), weights, odd2);
            odd3 = TLanes.MultiplyAdd(TLanes.Load(samples + next + (3 * step)), weights, odd3);
        }

        if (i < count)
        {
            var weights = TLanes.Load(taps + i);
            even0 = TLanes.MultiplyAdd(TLanes.Load(samples + i), weights, even0);
            even1 = TLanes.MultiplyAdd(TLanes.Load(samples + i + step), weights, even1);
            even2 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (2 * step)), weights, even2);
            even3 = TLanes.MultiplyAdd(TLanes.Load(samples + i + (3 * step)), weights, even3);
        }

        target[0] = TLanes.Sum(TLanes.Add(even0, odd0));
        target[1] = TLanes.Sum(TLanes.Add(even1, odd1));
        target[2] = TLanes.Sum(TLanes.Add(even2, odd2));
        target[3] = TLanes.Sum(TLanes.Add(even3, odd3));
    }
}

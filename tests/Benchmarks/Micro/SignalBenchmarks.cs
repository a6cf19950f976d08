using System.Buffers;
using BenchmarkDotNet.Attributes;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Benchmarks.Micro;

/// <summary>A second of audio through each step of a stream's own way.</summary>
public class SignalBenchmarks
{
    private readonly ArrayBufferWriter<float> _output = new(1 << 17);
    private readonly Queue<MelWindow> _windows = new();
    private readonly float[] _frame = Noise(2048);
    private readonly double[] _exactFrame = [.. Noise(2048).Select(value => (double)value)];
    private readonly float[] _second = Noise(22_050);
    private readonly float[] _second44 = Noise(44_100);
    private readonly float[] _scores = [.. Enumerable.Repeat(0.1f, 10)];
    private readonly byte[] _pcm = new byte[44_100];
    private readonly RealFft<float> _single = new(2048);
    private readonly RealFft<double> _double = new(2048);
    private readonly (float[] Re, float[] Im) _spectrum = (new float[1025], new float[1025]);
    private readonly (double[] Re, double[] Im) _exactSpectrum = (new double[1025], new double[1025]);
    private readonly MelSpectrogram _mel = new(new MelOptions());
    private readonly Resampler _resampler = new(44_100, 22_050);
    private readonly RollingSmoother _smoother = new(new SmoothingOptions(), 10, TimeSpan.FromSeconds(1));
    private readonly SessionFrontEnd _frontEnd = new(
        new ModelContract { Name = "bench", Version = "1", Labels = ["a", "b"], TrainingData = "none", License = "none" },
        new PcmFormat(PcmEncoding.S16Le, 22_050, 1),
        TimeSpan.FromSeconds(1));

    private TimeSpan _end;

    public SignalBenchmarks() => new Random(1).NextBytes(_pcm);

    [Benchmark]
    public void Fft2048Single() => _single.Transform(_frame, _spectrum.Re, _spectrum.Im);

    [Benchmark]
    public void Fft2048Double() => _double.Transform(_exactFrame, _exactSpectrum.Re, _exactSpectrum.Im);

    [Benchmark]
    public void MelSecond()
    {
        _output.ResetWrittenCount();
        _mel.Push(_second, _output);
    }

    [Benchmark]
    public void ResampleSecond44To22()
    {
        _output.ResetWrittenCount();
        _resampler.Push(_second44, _output);
    }

    [Benchmark]
    public void FrontEndSecond()
    {
        _frontEnd.Push(_pcm, _windows);
        while (_windows.TryDequeue(out var window))
        {
            window.Dispose();
        }
    }

    [Benchmark]
    public float SmoothWindow()
    {
        _end += TimeSpan.FromSeconds(1);
        return _smoother.Add(_end - TimeSpan.FromSeconds(3), _end, _scores)[0];
    }

    internal static float[] Noise(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;

namespace StreamGenre.Benchmarks.Serving;

/// <summary><c>mel_reference.c</c>, compiled where it runs with that machine's C compiler and FFTW.</summary>
internal sealed unsafe class MelReference
{
    private readonly delegate* unmanaged<int, void> _transform;
    private readonly delegate* unmanaged<float*, int, int, float*, int*, int*, float*, float*, void> _compute;
    private readonly MelOptions _options;
    private readonly float[] _window;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _weights;

    private MelReference(nint library, MelOptions options)
    {
        _options = options;
        _transform = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "mel_transform_only");
        _compute = (delegate* unmanaged<float*, int, int, float*, int*, int*, float*, float*, void>)NativeLibrary.GetExport(library, "mel_compute");
        ((delegate* unmanaged<int, int, void>)NativeLibrary.GetExport(library, "mel_begin"))(options.FftSize, options.MelBins);
        _window = [.. Enumerable.Range(0, options.FftSize).Select(n => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * n / options.FftSize))))];

        var bank = new MelFilterBank(options);
        var rows = Enumerable.Range(0, options.MelBins).Select(band => Enumerable.Range(0, bank.FftBins).Select(bin => bank.Weight(band, bin)).ToArray()).ToList();
        _first = [.. rows.Select(row => Math.Max(0, Array.FindIndex(row, weight => weight > 0)))];
        _count = [.. rows.Zip(_first, (row, first) => Array.FindLastIndex(row, weight => weight > 0) + 1 - first)];
        _weights = [.. rows.SelectMany((row, band) => row.Skip(_first[band]).Take(_count[band])).Select(weight => (float)weight)];
    }

    /// <summary>Builds and loads it; null and a line that says what is missing where it can't be had.</summary>
    public static MelReference? TryLoad(MelOptions options, out string why)
    {
        if (!NativeLibrary.TryLoad("libfftw3f.so.3", out _))
        {
            why = "FFTW in single precision is missing (apt-get install libfftw3-single3): nothing to measure the transform and the mel bands against.";
            return null;
        }

        var source = Path.Combine(AppContext.BaseDirectory, "Serving", "mel_reference.c");
        var library = Path.Combine(Directory.CreateTempSubdirectory("streamgenre-bench-").FullName, "mel_reference.so");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo(
                "cc", ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", source, "-o", library, "-l:libfftw3f.so.3", "-lm"]))!;
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                why = $"the C compiler failed on {source}: nothing to measure the transform and the mel bands against.";
                return null;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            why = "there is no C compiler 'cc' (apt-get install gcc libc6-dev): nothing to measure the transform and the mel bands against.";
            return null;
        }

        why = "";
        return new MelReference(NativeLibrary.Load(library), options);
    }

    /// <summary>FFTW's transform of <see cref="MelOptions.FftSize"/> real points.</summary>
    public void Transform(int times) => _transform(times);

    /// <summary>The bands of so many frames, <c>[frames, MelBins]</c>, in dB.</summary>
    public void Compute(ReadOnlySpan<float> samples, int frames, Span<float> bands)
    {
        fixed (float* x = samples, window = _window, weights = _weights, y = bands)
        fixed (int* first = _first, count = _count)
        {
            _compute(x, frames, _options.HopSamples, window, first, count, weights, y);
        }
    }
}

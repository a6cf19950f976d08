using System.Buffers;
using System.CommandLine;
using System.Diagnostics;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Benchmarks.FrontEnds;

/// <summary><c>front-end</c>: what wavelet bands cost beside the mel bands of the default front end.</summary>
internal static class FrontEndCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Seconds of audio through each front end, in turn", DefaultValueFactory = _ => 600 };
        var command = new Command("front-end", "Time a second of audio through the mel bands and through wavelet bands of several kinds, in turn; the least of all rounds.") { rounds };
        command.SetAction(parsed => Run(parsed.GetValue(rounds)));
        return command;
    }

    private static void Run(int rounds)
    {
        var options = new MelOptions();
        var random = new Random(1);
        float[] second = [.. Enumerable.Range(0, options.SampleRateHz).Select(_ => (float)(random.NextDouble() - 0.5))];
        var frames = new ArrayBufferWriter<float>(1 << 16);
        var mel = new MelSpectrogram(options);
        var fronts = new List<(string Name, Action Push)> { ($"{options.MelBins} mel bands", () => mel.Push(second, frames)) };
        foreach (var (family, octaves, splits) in new[]
        {
            (WaveletFamily.Db4, 5, 3), (WaveletFamily.Sym8, 5, 3), (WaveletFamily.Db4, 6, 2), (WaveletFamily.Db4, 8, 0), (WaveletFamily.Db4, 0, 6),
        })
        {
            var wavelet = new WaveletOptions { Family = family, Octaves = octaves, Splits = splits };
            var spectrogram = new WaveletSpectrogram(options with { Wavelet = wavelet });
            fronts.Add(($"{wavelet.Bands} bands of {family}, {octaves} octaves, {splits} splits", () => spectrogram.Push(second, frames)));
        }

        var least = Enumerable.Repeat(TimeSpan.MaxValue, fronts.Count).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < fronts.Count; i++)
            {
                frames.ResetWrittenCount();
                var start = Stopwatch.GetTimestamp();
                fronts[i].Push();
                var taken = Stopwatch.GetElapsedTime(start);
                least[i] = taken < least[i] ? taken : least[i];
            }
        }

        foreach (var (front, taken) in fronts.Zip(least))
        {
            Console.WriteLine(FormattableString.Invariant($"{front.Name,-38} {taken.TotalMicroseconds,6:F0} us a second of audio, {taken / least[0]:F2} x mel"));
        }
    }
}

using System.Buffers;
using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Windowing;
using StreamGenre.Training;
using StreamGenre.Training.Commands;

namespace StreamGenre.Benchmarks.Serving;

/// <summary><c>bench</c>: the steps of serving beside what else does them, in one run, with the ratios.</summary>
internal static class BenchCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var model = new Option<string?>("--model") { HelpName = "FILE", Description = "The network (default: the program's; ../shared/models/bench-cnn/bench_cnn.onnx for the comparison with other servers)." };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of each measurement (default: 400).", DefaultValueFactory = _ => 400 };
        var device = new Option<InferenceDevice?>("--device") { Description = "Measure the network alone at several batches, on auto, cpu or cuda, beside PyTorch on the same device." };
        var batches = new Option<string?>("--batches") { HelpName = "N,N,...", Description = "Windows in a batch there (default: 1,2,4,...,1024)." };
        var seconds = new Option<double>("--seconds") { Description = "Time of each measurement there (three rounds).", DefaultValueFactory = _ => 0.5 };
        var python = new Option<string>("--python") { Description = "A Python that has PyTorch and numpy", DefaultValueFactory = _ => "/usr/bin/python3" };
        var threads = new Option<int>("--threads") { Description = "PyTorch's threads on the CPU (default: as many as lanes)" };
        var command = new Command("bench", "The transform, the mel bands and the whole way without a network, against FFTW, C and bare ONNX Runtime; all by one thread, in turn.")
        {
            model, rounds, device, batches, seconds, python, threads,
        };
        command.SetAction(async parsed =>
        {
            var path = parsed.GetValue(model) ?? Path.Combine(AppContext.BaseDirectory, "models", "default.onnx");
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"--model is '{path}', and there is no such file.");
                return 2;
            }

            if (parsed.GetValue(threads) < 0)
            {
                Console.Error.WriteLine($"--threads is {parsed.GetValue(threads)}; it must be 1 or more, or left out for as many as there are lanes.");
                return 2;
            }

            if (parsed.GetValue(device) is not null || parsed.GetValue(batches) is not null)
            {
                return await CommandErrors.GuardAsync(() => SweepAsync(
                    path, parsed.GetValue(device) ?? InferenceDevice.Auto, Sizes(parsed.GetValue(batches)), parsed.GetValue(seconds), parsed.GetValue(python)!, parsed.GetValue(threads)));
            }

            var options = new MelOptions();
            var reference = MelReference.TryLoad(options, out var why);
            if (reference is null)
            {
                Console.WriteLine(why);
            }

            Transforms(options, reference, parsed.GetValue(rounds));
            var melInC = MelBands(options, reference, parsed.GetValue(rounds));
            Serving(path, melInC, parsed.GetValue(rounds));
            return 0;
        });
        return command;
    }

    private static async Task<int> SweepAsync(string path, InferenceDevice device, int[] sizes, double seconds, string python, int threads)
    {
        try
        {
            var model = WithContract(path);
            using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = model, Device = device });
            classifier.WarmUp(sizes.Max(), new BatchingOptions().For(classifier).Lanes);
            await new BatchSweep(classifier, rounds: 3, seconds).RunAsync(model, python, threads, sizes);
            return 0;
        }
        catch (DeviceUnavailableException error)
        {
            throw new TrainingException(error.Message, error);
        }
    }

    private static int[] Sizes(string? text)
    {
        var sizes = (text ?? "1,2,4,8,16,32,64,128,256,512,1024").Split(',').Select(part => int.TryParse(part, out var size) ? size : 0).ToArray();
        return sizes.All(size => size is >= 1 and <= 1024)
            ? sizes
            : throw new TrainingException($"--batches is '{text}'; it must be numbers of windows, 1..1024, with commas between them");
    }

    private static void Transforms(MelOptions options, MelReference? reference, int rounds)
    {
        const int Times = 50;
        var turn = new InTurn();
        var single = new RealFft<float>(options.FftSize);
        var exact = new RealFft<double>(options.FftSize);
        var (x, re, im) = (Noise(options.FftSize), new float[single.Bins], new float[single.Bins]);
        var (xd, red, imd) = (x.Select(value => (double)value).ToArray(), new double[single.Bins], new double[single.Bins]);
        turn.Add("single", () => Repeat(Times, () => single.Transform(x, re, im)));
        turn.Add("double", () => Repeat(Times, () => exact.Transform(xd, red, imd)));
        turn.Add("fftw", () => reference?.Transform(Times));
        turn.Run(rounds);
        Console.WriteLine($"Real transform of {options.FftSize} points");
        Row("ours, single precision", turn.Microseconds("single") / Times, reference is null ? null : turn.Microseconds("fftw") / Times);
        Row("ours, double precision (what the front end uses)", turn.Microseconds("double") / Times, reference is null ? null : turn.Microseconds("fftw") / Times);
        if (reference is not null)
        {
            Row("FFTW, single precision", turn.Microseconds("fftw") / Times, null);
        }
    }

    /// <summary>Prints the mel bands' times; gives the reference's for a second of audio whose windows are each computed anew, in µs.</summary>
    private static double? MelBands(MelOptions options, MelReference? reference, int rounds)
    {
        var contract = Contract(options);
        var second = Noise(options.SampleRateHz);
        var window = Noise(contract.WindowSamples + options.FftSize);
        var cells = new float[contract.WindowFrames * options.MelBins];
        var hopFrames = (double)options.SampleRateHz / options.HopSamples;
        var frames = new ArrayBufferWriter<float>(1 << 16);
        var mel = new MelSpectrogram(options);
        var pcm = Pcm(options.SampleRateHz);
        var frontEnd = new SessionFrontEnd(contract, new PcmFormat(PcmEncoding.S16Le, options.SampleRateHz, 1), TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();
        var turn = new InTurn();
        turn.Add("ours", () =>
        {
            frames.ResetWrittenCount();
            mel.Push(second, frames);
        });
        turn.Add("front end", () =>
        {
            frontEnd.Push(pcm, windows);
            while (windows.TryDequeue(out var made))
            {
                made.Dispose();
            }
        });
        turn.Add("c", () => reference?.Compute(window, contract.WindowFrames, cells));
        turn.Run(rounds);
        var ours = turn.Microseconds("ours");
        double? inC = reference is null ? null : turn.Microseconds("c");
        var inCHop = inC / contract.WindowFrames * hopFrames;
        Console.WriteLine($"{options.MelBins} mel bands of a second of audio");
        Row("ours, each frame once", ours, inCHop);
        Row("ours, with 16-bit PCM, level and windows as the model takes them", turn.Microseconds("front end"), inCHop);
        if (inC is { } whole)
        {
            Row("C over FFTW, each frame once", inCHop!.Value, null);
            Row($"C over FFTW, all {contract.WindowFrames} frames of a window each second", whole, inCHop);
        }

        return inC;
    }

    private static void Serving(string path, double? melInC, int rounds)
    {
        using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = WithContract(path), Device = InferenceDevice.Cpu });
        var contract = classifier.Contract;
        using var settings = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(path, settings);
        using var run = new RunOptions();
        int[] sizes = [1, 8, 32];
        var turn = new InTurn();
        var batches = new List<IDisposable>();
        foreach (var size in sizes)
        {
            var input = OrtValue.CreateTensorValueFromMemory(Noise(size * contract.Mel.Rows * contract.PatchFrames), Shape(contract, size));
            var output = OrtValue.CreateTensorValueFromMemory(new float[size * contract.Labels.Count], [size, contract.Labels.Count]);
            turn.Add($"bare {size}", () => session.Run(run, [contract.InputName], [input], [contract.OutputName], [output]));
            var batch = new MelBatch(contract, size);
            for (var i = 0; i < size; i++)
            {
                using var filled = new MelWindow(contract.PatchCount, contract.Mel.Rows * contract.PatchFrames);
                Noise(filled.Cells.Length).CopyTo(filled.Cells);
                batch.Add(filled);
            }

            turn.Add($"ours {size}", () => classifier.Classify(batch));
            batches.AddRange([input, output, batch]);
        }

        turn.Run(Math.Max(20, rounds / 8));
        Console.WriteLine($"{contract.Name}, one window");
        foreach (var size in sizes)
        {
            Row($"our classifier, batch of {size}", turn.Microseconds($"ours {size}") / size, turn.Microseconds($"bare {size}") / size);
            Row($"bare session.Run, batch of {size}", turn.Microseconds($"bare {size}") / size, null);
        }

        if (melInC is { } mel && contract.Mel == new MelOptions())
        {
            var floor = mel + (turn.Microseconds("bare 8") / 8);
            Console.WriteLine(FormattableString.Invariant(
                $"Floor: mel in C of a whole window and bare session.Run take {floor:F0} us a window a second: {1e6 / floor:F0} audio seconds a CPU second."));
        }

        batches.ForEach(batch => batch.Dispose());
        Console.WriteLine("The whole way through gRPC: streamgenre loadtest --streams 8 --speed max --seconds 30 --model FILE");
    }

    /// <summary>The model with its contract beside it; the bench network's contract comes with this program.</summary>
    private static string WithContract(string path)
    {
        if (Path.GetFileName(path) != "bench_cnn.onnx" || File.Exists(Path.ChangeExtension(path, ".contract.json")))
        {
            return path;
        }

        var folder = Directory.CreateTempSubdirectory("streamgenre-bench-").FullName;
        File.Copy(path, Path.Combine(folder, "bench_cnn.onnx"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Serving", "bench_cnn.contract.json"), Path.Combine(folder, "bench_cnn.contract.json"));
        return Path.Combine(folder, "bench_cnn.onnx");
    }

    private static ModelContract Contract(MelOptions options) =>
        new() { Name = "bench", Version = "1", Labels = ["a", "b"], TrainingData = "none", License = "none", Mel = options };

    internal static long[] Shape(ModelContract contract, int size) => contract.Layout == WindowLayout.MelMajor
        ? [size, 1, contract.Mel.Rows, contract.PatchFrames]
        : [size, 1, contract.PatchFrames, contract.Mel.Rows];

    private static float[] Noise(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static byte[] Pcm(int samples)
    {
        var bytes = new byte[2 * samples];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static void Repeat(int times, Action work)
    {
        for (var i = 0; i < times; i++)
        {
            work();
        }
    }

    private static void Row(string name, double microseconds, double? reference) => Console.WriteLine(
        FormattableString.Invariant($"  {name,-66} {microseconds,9:F2} us{(reference is { } other ? $"   {other / microseconds,5:F2} x as fast" : "")}"));
}

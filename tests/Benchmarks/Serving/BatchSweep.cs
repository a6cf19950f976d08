using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Windowing;
using StreamGenre.StreamHost.Tuning;
using StreamGenre.Training;

namespace StreamGenre.Benchmarks.Serving;

/// <summary>
/// The network alone at several batches, as the server's lanes run it, beside the same network in PyTorch on the same device; in turn, in one run. Both
/// begin with windows in this machine's memory and end with the answers there.
/// </summary>
internal sealed class BatchSweep
{
    private const int SampleWindows = 8;

    // On a GPU both sides may take TF32 for convolutions, with 10 bits of fraction.
    private const double CpuTolerance = 1e-4;
    private const double GpuTolerance = 2e-2;

    private readonly OnnxGenreClassifier _classifier;
    private readonly ModelContract _contract;
    private readonly int _lanes;
    private readonly int _rounds;
    private readonly double _seconds;
    private readonly bool _onCpu;

    /// <summary>A sweep with a classifier, which stays the caller's.</summary>
    /// <param name="classifier">What is measured.</param>
    /// <param name="rounds">Rounds, of which the median counts.</param>
    /// <param name="seconds">Time of a measurement.</param>
    public BatchSweep(OnnxGenreClassifier classifier, int rounds, double seconds)
    {
        _classifier = classifier;
        _contract = classifier.Contract;
        _lanes = new BatchingOptions().For(classifier).Lanes;
        _rounds = rounds;
        _seconds = seconds;
        _onCpu = classifier.ExecutionProvider == "CPU";
    }

    /// <summary>Measures and prints.</summary>
    /// <param name="model">The classifier's file.</param>
    /// <param name="python">The Python that has PyTorch.</param>
    /// <param name="threads">PyTorch's threads on the CPU; 0: as many as there are lanes.</param>
    /// <param name="batches">Windows in a batch.</param>
    public async Task RunAsync(string model, string python, int threads, IReadOnlyList<int> batches)
    {
        Console.WriteLine($"{_contract.Name} {_contract.Version}, {_contract.PatchCount * PatchCells * sizeof(float)} bytes a window. {_classifier.DeviceChoice}");
        if (!_onCpu)
        {
            CheckAgainstCpu(model, batches);
        }

        using var peer = await StartPeerAsync(model, python, threads > 0 ? threads : _lanes);
        Console.WriteLine(FormattableString.Invariant(
            $"Windows a second, medians of {_rounds} rounds in turn, {_seconds:0.##} s each; a lane is a batch in flight{(_onCpu ? ", on a thread of its own" : "")}."));
        Console.WriteLine($"{"batch",7}{"1 lane",10}{$"{_lanes} lanes",10}"
            + (_onCpu ? $"{"a CPU s",10}" : $"{"copying",10}{"KB a batch",12}")
            + (peer is null ? "" : $"{"PyTorch",10}{"frozen",10}{(_onCpu ? $"{"a CPU s",10}" : "")}{"ratio",8}{(_onCpu ? $"{"of CPU",8}" : "")}"));
        foreach (var batch in batches)
        {
            Console.WriteLine(await RowAsync(batch, peer));
        }

        Console.WriteLine(_onCpu
            ? "a CPU s: windows a second of processor time, which others' work on the machine takes less from; nothing is copied on the CPU."
            : "copying: share of a batch's time, all lanes at work; KB: copied both ways.");
        if (peer is not null)
        {
            Console.WriteLine("PyTorch: plain calls; frozen: traced, frozen and optimised by it; ratio: all lanes beside the faster of the two.");
        }
    }

    private int PatchCells => _contract.Mel.Rows * _contract.PatchFrames;

    private async Task<string> RowAsync(int batch, PyTorchNetwork? peer)
    {
        var (one, all, theirs) = (new List<LaneTrial>(), new List<LaneTrial>(), new List<PyTorchRates>());
        for (var round = 0; round < _rounds; round++)
        {
            all.Add(Measure(_lanes, batch));
            one.Add(Measure(1, batch));
            if (peer is not null)
            {
                theirs.Add(await peer.RatesAsync(batch * _contract.PatchCount, 2 * _seconds));
            }
        }

        var (rate, perCpu) = (Median(all, trial => trial.WindowsPerSecond), Median(all, trial => trial.WindowsPerCpuSecond));
        var (share, bytes) = Copies(batch);
        var row = FormattableString.Invariant($"{batch,7}{Median(one, trial => trial.WindowsPerSecond),10:0}{rate,10:0}")
            + (_onCpu ? FormattableString.Invariant($"{perCpu,10:0}") : FormattableString.Invariant($"{100 * share,8:0.0} %{bytes / 1024,12:0.0}"));
        if (peer is null)
        {
            return row;
        }

        double Theirs(Func<PyTorchRates, double> of) => Median(theirs, of) / _contract.PatchCount;
        var (eager, frozen) = (Theirs(rates => rates.Eager.PerSecond), Theirs(rates => rates.Frozen.PerSecond));
        var theirPerCpu = Math.Max(Theirs(rates => rates.Eager.PerCpuSecond), Theirs(rates => rates.Frozen.PerCpuSecond));
        return row + FormattableString.Invariant($"{eager,10:0}{frozen,10:0}{(_onCpu ? FormattableString.Invariant($"{theirPerCpu,10:0}") : "")}{rate / Math.Max(eager, frozen),8:0.00}")
            + (_onCpu ? FormattableString.Invariant($"{perCpu / theirPerCpu,8:0.00}") : "");
    }

    private LaneTrial Measure(int lanes, int batch) => LaneTuner.Run(_classifier, lanes, 1, batch, TimeSpan.FromSeconds(_seconds));

    /// <summary>The share of a batch's time that copies take while all lanes work, and the bytes they move for it.</summary>
    private (double Share, double Bytes) Copies(int batch)
    {
        var traffic = _classifier.Traffic;
        var (batches, bytes, copying, running) = (traffic.Batches, traffic.Bytes, traffic.Copying, traffic.Running);
        Measure(_lanes, batch);
        var share = (traffic.Copying - copying) / (traffic.Copying - copying + traffic.Running - running);
        return traffic.Batches == batches ? (0, 0) : (share, (traffic.Bytes - bytes) / (double)(traffic.Batches - batches));
    }

    /// <summary>PyTorch with the same network, once it was seen to give the same scores; null, and why in a line, where it can't be had.</summary>
    private async Task<PyTorchNetwork?> StartPeerAsync(string model, string python, int threads)
    {
        using var batch = new MelBatch(_contract, SampleWindows);
        Fill(batch, SampleWindows, seed: 1);
        _classifier.Classify(batch);
        PyTorchNetwork peer;
        try
        {
            var shape = BenchCommand.Shape(_contract, SampleWindows * _contract.PatchCount).Select(size => (int)size).ToArray();
            peer = await PyTorchNetwork.StartAsync(python, model, _onCpu ? "cpu" : "cuda", threads, shape, batch.Input.ToArray());
        }
        catch (TrainingException error)
        {
            Console.WriteLine($"Without PyTorch: {error.Message}");
            return null;
        }

        var difference = Difference(batch, peer.Output);
        if (!(difference <= (_onCpu ? CpuTolerance : GpuTolerance)))
        {
            peer.Dispose();
            throw new TrainingException(FormattableString.Invariant($"PyTorch's scores of the same windows lie up to {difference:G2} apart: the two sides compute different things"));
        }

        Console.WriteLine(FormattableString.Invariant($"{peer.Description}{(_onCpu ? $", {threads} thread{(threads == 1 ? "" : "s")}" : "")}; scores of {SampleWindows} windows within {difference:0.0e0} of ours."));
        return peer;
    }

    /// <summary>Full batches, and such as are padded, in all lanes at once: the device must score as the CPU does.</summary>
    private void CheckAgainstCpu(string model, IReadOnlyList<int> batches)
    {
        using var onCpu = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = model, Device = InferenceDevice.Cpu });
        var counts = batches.SelectMany(batch => new[] { batch, Math.Max(1, batch - 1), (batch / 2) + 1 }).Distinct().ToArray();
        var differences = new double[_lanes];
        Parallel.For(0, _lanes, lane =>
        {
            using var expected = new MelBatch(_contract, batches.Max());
            using var actual = new MelBatch(_contract, batches.Max());
            foreach (var count in counts)
            {
                Fill(expected, count, seed: lane + count);
                Fill(actual, count, seed: lane + count);
                onCpu.Classify(expected);
                _classifier.Classify(actual);
                differences[lane] = Enumerable.Range(0, count).Select(window => MostApart(expected.Scores(window), actual.Scores(window))).Append(differences[lane]).Max();
            }
        });
        if (!(differences.Max() <= GpuTolerance))
        {
            throw new TrainingException(FormattableString.Invariant($"the device's scores lie up to {differences.Max():G2} from the CPU's"));
        }

        Console.WriteLine(FormattableString.Invariant($"Scores of {string.Join(", ", counts.Order())} windows, in {_lanes} lanes at once, within {differences.Max():0.0e0} of the CPU's."));
    }

    private void Fill(MelBatch batch, int count, int seed)
    {
        batch.Clear();
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            using var window = new MelWindow(_contract.PatchCount, PatchCells);
            foreach (ref var cell in window.Cells)
            {
                cell = (float)((4 * random.NextDouble()) - 2);
            }

            batch.Add(window);
        }
    }

    private double Difference(MelBatch batch, float[] output)
    {
        var values = _contract.PatchCount * batch.Labels;
        var scores = new float[batch.Labels];
        var most = 0.0;
        for (var window = 0; window < batch.Count; window++)
        {
            ScoreRule.Apply(_contract, output.AsSpan(window * values, values), scores);
            most = Math.Max(most, MostApart(scores, batch.Scores(window)));
        }

        return most;
    }

    /// <summary>NaN where one of them is.</summary>
    private static double MostApart(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var most = 0.0;
        for (var label = 0; label < a.Length; label++)
        {
            most = Math.Max(most, Math.Abs(a[label] - b[label]));
        }

        return most;
    }

    private static double Median<T>(List<T> trials, Func<T, double> value) => trials.Select(value).Order().ElementAt(trials.Count / 2);
}

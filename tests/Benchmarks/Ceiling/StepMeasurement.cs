using System.Buffers;
using StreamGenre.Benchmarks.Serving;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Windowing;
using StreamGenre.Training.Export;

namespace StreamGenre.Benchmarks.Ceiling;

/// <summary>What the steps of an audio second take by one thread, in turn, and what they would at least need.</summary>
internal sealed class StepMeasurement(string modelPath, OnnxGenreClassifier classifier, int rounds)
{
    // Seconds pushed at a time where a hop may be longer than one.
    private const int Stretch = 6;

    private const int Transforms = 50;

    private static readonly int[] BatchSizes = [1, 2, 4, 8, 16, 32, 64];
    private static readonly double[] HopSeconds = [0.1, 0.25, 0.5, 1, 2, 3];

    /// <summary>The steps, a row each.</summary>
    public IReadOnlyList<StepCost> Steps()
    {
        var (contract, mel) = (classifier.Contract, classifier.Contract.Mel);
        var turn = new InTurn();
        var fft = new RealFft<double>(mel.FftSize);
        var (x, re, im) = (new double[mel.FftSize], new double[fft.Bins], new double[fft.Bins]);
        var frames = (double)mel.SampleRateHz / mel.HopSamples;
        turn.Add("fft", () =>
        {
            // One alone takes no longer than looking at the clock.
            for (var n = 0; n < Transforms; n++)
            {
                fft.Transform(x, re, im);
            }
        });

        var spectrogram = new MelSpectrogram(mel);
        var samples = Samples(mel.SampleRateHz);
        var written = new ArrayBufferWriter<float>(1 << 16);
        turn.Add("mel", () =>
        {
            written.ResetWrittenCount();
            spectrogram.Push(samples, written);
        });

        AddFrontEnd(turn, "front end", 1);
        using var batch = Filled(8);
        turn.Add("model", () => classifier.Classify(batch));
        turn.Run(rounds);

        var bank = new MelFilterBank(mel);
        var weights = Enumerable.Range(0, mel.MelBins).Sum(band => Enumerable.Range(0, bank.FftBins).Count(bin => bank.Weight(band, bin) > 0));
        var transform = 2.5 * mel.FftSize * Math.Log2(mel.FftSize);
        var fftBytes = 8.0 * 2 * mel.FftSize;
        var (fftTime, melTime, frontEnd) = (turn.Microseconds("fft") / Transforms * frames, turn.Microseconds("mel"), turn.Microseconds("front end"));
        var cost = ModelCost.Of(modelPath, contract);
        var cells = contract.PatchCount * mel.Rows * contract.PatchFrames;
        return
        [
            new StepCost("transforms", fftTime, transform * frames / 1e6, fftBytes * frames / 1e3),
            new StepCost("mel bands", melTime - fftTime, (mel.FftSize + (3.0 * bank.FftBins) + (2 * weights) + (20 * mel.MelBins)) * frames / 1e6, 4.0 * (mel.FftSize + bank.FftBins + weights) * frames / 1e3),
            new StepCost("PCM and windows", frontEnd - melTime, ((3.0 * mel.SampleRateHz) + (8 * cells)) / 1e6, ((6.0 * mel.SampleRateHz) + (8 * cells)) / 1e3),
            new StepCost("model", turn.Microseconds("model") / 8, cost.Flops / 1e6, ((4.0 * cost.Parameters / 8) + (4 * cells)) / 1e3),
        ];
    }

    /// <summary>The model by batch size.</summary>
    public IReadOnlyList<BatchCost> Batches()
    {
        var turn = new InTurn();
        var batches = BatchSizes.Select(Filled).ToList();
        foreach (var batch in batches)
        {
            turn.Add($"{batch.Count}", () => classifier.Classify(batch));
        }

        turn.Run(Math.Max(10, rounds / 8));
        var costs = BatchSizes.Select(size => new BatchCost(size, turn.Microseconds($"{size}") / size)).ToList();
        batches.ForEach(batch => batch.Dispose());
        return costs;
    }

    /// <summary>Front end and model by hop.</summary>
    public IReadOnlyList<HopCost> Hops()
    {
        var turn = new InTurn();
        foreach (var hop in HopSeconds)
        {
            AddFrontEnd(turn, $"{hop}", hop);
        }

        using var batch = Filled(8);
        turn.Add("model", () => classifier.Classify(batch));
        turn.Run(Math.Max(10, rounds / 8));
        return [.. HopSeconds.Select(hop => new HopCost(hop, turn.Microseconds($"{hop}") / Stretch, turn.Microseconds("model") / 8 / hop))];
    }

    private void AddFrontEnd(InTurn turn, string name, double hopSeconds)
    {
        var rate = classifier.Contract.Mel.SampleRateHz;
        var pcm = new byte[2 * rate * (name == "front end" ? 1 : Stretch)];
        new Random(1).NextBytes(pcm);
        var frontEnd = new SessionFrontEnd(classifier.Contract, new PcmFormat(PcmEncoding.S16Le, rate, 1), TimeSpan.FromSeconds(hopSeconds));
        var windows = new Queue<MelWindow>();
        turn.Add(name, () =>
        {
            frontEnd.Push(pcm, windows);
            while (windows.TryDequeue(out var window))
            {
                window.Dispose();
            }
        });
    }

    private MelBatch Filled(int size)
    {
        var contract = classifier.Contract;
        var batch = new MelBatch(contract, size);
        for (var i = 0; i < size; i++)
        {
            using var window = new MelWindow(contract.PatchCount, contract.Mel.Rows * contract.PatchFrames);
            Samples(window.Cells.Length).CopyTo(window.Cells);
            batch.Add(window);
        }

        return batch;
    }

    private static float[] Samples(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}

using System.Diagnostics;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.StreamHost.Tuning;

/// <summary>Runs a model in all arrangements of lanes and threads that a machine has room for, every lane on a thread of its own as in a server.</summary>
internal static class LaneTuner
{
    /// <summary>Sizes of batches that are tried; a GPU is not busy before it has hundreds of windows.</summary>
    public static IReadOnlyList<int> Batches(bool onCpu) => onCpu ? [1, 4, 8, 16, 32, 64] : [1, 8, 32, 64, 128, 256, 512, 1024];

    // Each arrangement has its turn so often, and its best counts: others' work on the machine only ever slows.
    private const int Rounds = 3;

    /// <summary>The arrangements to try: powers of two and the cores, lanes times threads no more than the cores; on a GPU one to four lanes.</summary>
    public static IReadOnlyList<(int Lanes, int Threads)> Arrangements(int cores, bool onCpu)
    {
        if (!onCpu)
        {
            return [(1, 1), (2, 1), (4, 1)];
        }

        int[] counts = [.. Enumerable.Range(0, 9).Select(power => 1 << power).Where(count => count < cores), cores];
        return [.. counts.SelectMany(lanes => counts.Select(threads => (lanes, threads))).Where(pair => pair.lanes * pair.threads <= cores)];
    }

    /// <summary>Measures.</summary>
    /// <param name="load">Gives the model with so many threads; the tuner disposes of it.</param>
    /// <param name="arrangements">Lanes and threads.</param>
    /// <param name="batches">Sizes of batches.</param>
    /// <param name="budget">Time that all of it may take, about.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static IReadOnlyList<LaneTrial> Measure(
        Func<int, IGenreClassifier> load, IReadOnlyList<(int Lanes, int Threads)> arrangements, IReadOnlyList<int> batches, TimeSpan budget, CancellationToken cancellationToken)
    {
        var slice = budget / (arrangements.Count * batches.Count * Rounds);
        var best = new Dictionary<(int Lanes, int Threads, int Batch), LaneTrial>();
        foreach (var group in arrangements.GroupBy(pair => pair.Threads))
        {
            using var classifier = load(group.Key);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (lanes, threads) in group)
                {
                    foreach (var batch in batches)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        var trial = Run(classifier, lanes, threads, batch, slice);
                        if (!best.TryGetValue((lanes, threads, batch), out var former) || former.WindowsPerSecond < trial.WindowsPerSecond)
                        {
                            best[(lanes, threads, batch)] = trial;
                        }
                    }
                }
            }
        }

        return [.. best.Values];
    }

    /// <summary>One arrangement at one size, for so long.</summary>
    public static LaneTrial Run(IGenreClassifier classifier, int lanes, int threadsEach, int size, TimeSpan time)
    {
        var windows = 0L;
        using var ready = new Barrier(lanes + 1);
        Exception? failure = null;
        void Lane()
        {
            try
            {
                using var batch = Filled(classifier, size);

                // The first run makes tensors and buffers.
                classifier.Classify(batch);
                ready.SignalAndWait();
                var start = Stopwatch.GetTimestamp();
                var done = 0L;
                do
                {
                    classifier.Classify(batch);
                    done += size;
                }
                while (Stopwatch.GetElapsedTime(start) < time);
                Interlocked.Add(ref windows, done);
            }
            catch (Exception error)
            {
                failure ??= error;
                ready.RemoveParticipant();
            }
        }

        var threads = Enumerable.Range(0, lanes).Select(_ => new Thread(Lane) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        ready.SignalAndWait();
        var (begin, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException($"The model failed on a batch of {size}: {failure.Message}", failure);
        }

        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var share = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / (seconds * lanes * threadsEach);
        return new LaneTrial(lanes, threadsEach, size, windows / seconds, Math.Clamp(share, 0.01, 1));
    }

    private static MelBatch Filled(IGenreClassifier classifier, int size)
    {
        var contract = classifier.Contract;
        var batch = new MelBatch(contract, size);
        var random = new Random(1);
        for (var i = 0; i < size; i++)
        {
            using var window = new MelWindow(contract.PatchCount, contract.Mel.Rows * contract.PatchFrames);
            foreach (ref var cell in window.Cells)
            {
                cell = (float)((2 * random.NextDouble()) - 1);
            }

            batch.Add(window);
        }

        return batch;
    }
}

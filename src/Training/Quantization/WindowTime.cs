using System.Diagnostics;
using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;

namespace StreamGenre.Training.Quantization;

/// <summary>What a window takes, model beside model: one thread, in turn, so that whatever else the machine does hits all alike.</summary>
internal static class WindowTime
{
    /// <summary>Windows in a batch that are timed.</summary>
    public static readonly int[] Batches = [1, 2, 4, 8, 16, 32];

    /// <summary>Times models of one contract.</summary>
    /// <param name="contract">Their contract.</param>
    /// <param name="models">The ONNX files' bytes.</param>
    /// <param name="rounds">Turns of each.</param>
    /// <returns>Microseconds a window, [model][batch]: of all turns the lower quartile, which interruptions don't reach and a lucky moment doesn't make.</returns>
    public static double[][] Measure(ModelContract contract, IReadOnlyList<byte[]> models, int rounds)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var run = new RunOptions();
        var sessions = models.Select(model => new InferenceSession(model, options)).ToList();
        try
        {
            var item = Exporter.ItemShape(contract).Dims.ToArray();
            var shape = sessions[0].InputMetadata[contract.InputName].Dimensions.Length == 4 ? item : item[1..];
            var byBatch = Batches.Select(batch => Time(sessions, contract, run, batch * contract.PatchCount, shape, rounds)).ToList();
            return [.. models.Select((_, model) => Batches.Select((batch, i) => byBatch[i][model] / batch).ToArray())];
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    private static double[] Time(List<InferenceSession> sessions, ModelContract contract, RunOptions run, int items, long[] shape, int rounds)
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, items * (int)shape.Aggregate(1L, (count, length) => count * length)).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory((ReadOnlyMemory<float>)x), [items, .. shape]);
        var times = sessions.Select(_ => new List<double>()).ToList();
        for (var round = -Math.Max(3, rounds / 10); round < rounds; round++)
        {
            for (var model = 0; model < sessions.Count; model++)
            {
                var start = Stopwatch.GetTimestamp();
                using var results = sessions[model].Run(run, [contract.InputName], [input], [contract.OutputName]);
                if (round >= 0)
                {
                    times[model].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }
        }

        return [.. times.Select(of => of.Order().ElementAt(of.Count / 4))];
    }
}

using System.CommandLine;
using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Benchmarks.Recurrence;

/// <summary>
/// Times an LSTM's forward pass and its training (forward and all gradients) as ONNX's operator, unrolled and as a Scan. Forms take turns, and the least
/// time counts, so that what else the machine does falls on all alike.
/// </summary>
internal static class RecurrenceCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Times each form takes its turn", DefaultValueFactory = _ => 60 };
        var threads = new Option<int>("--threads") { Description = "Threads inside an operator", DefaultValueFactory = _ => Environment.ProcessorCount };
        var batch = new Option<int>("--batch") { Description = "Items a batch", DefaultValueFactory = _ => 32 };
        var command = new Command("recurrence", "The forms of an LSTM against each other: forward and training, in ms") { rounds, threads, batch };
        command.SetAction(result =>
        {
            Console.WriteLine("steps hidden pass     " + string.Join(" ", RecurrentForms.All.Keys.Select(form => $"{form,9}")) + "   largest difference");
            foreach (var steps in new[] { 12, 20, 40 })
            {
                foreach (var hidden in new[] { 32, 128, 256 })
                {
                    foreach (var training in new[] { false, true })
                    {
                        Measure(steps, hidden, training, result.GetValue(batch), result.GetValue(threads), result.GetValue(rounds));
                    }
                }
            }
        });
        return command;
    }

    private static void Measure(int steps, int hidden, bool training, int batch, int threads, int rounds)
    {
        const int Inputs = 64;
        var forms = RecurrentForms.All.Where(form => !training || form.Key != "scan").ToArray();
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var runOptions = new RunOptions();
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, steps * batch * Inputs).Select(_ => (float)(random.NextDouble() - 0.5))];
        using var input = OrtValue.CreateTensorValueFromMemory(x, [steps, batch, Inputs]);
        var sessions = forms.Select(form => new InferenceSession(Model(form.Value, steps, batch, Inputs, hidden, training), options)).ToArray();
        try
        {
            var best = new double[forms.Length];
            best.AsSpan().Fill(double.MaxValue);
            var answers = new float[forms.Length][];
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < forms.Length; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    using var results = sessions[i].Run(runOptions, ["x"], [input], [.. sessions[i].OutputMetadata.Keys]);
                    best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    answers[i] = results[0].GetTensorDataAsSpan<float>().ToArray();
                }
            }

            var difference = answers.Max(answer => answer.Zip(answers[0], (a, b) => Math.Abs(a - b)).Max());
            Console.WriteLine(
                $"{steps,5} {hidden,6} {(training ? "training" : "forward "),-8} {string.Join(" ", best.Select(time => FormattableString.Invariant($"{time,9:F2}")))}   {difference:E1}");
        }
        finally
        {
            foreach (var session in sessions)
            {
                session.Dispose();
            }
        }
    }

    private static byte[] Model(Func<GraphBuilder, Value, Value[], Value> form, int steps, int batch, int inputs, int hidden, bool training)
    {
        var graph = new GraphBuilder(training ? GraphMode.Training : GraphMode.Inference);
        var x = graph.Input("x", new TensorShape(steps, batch, inputs));
        var weights = RecurrentForms.Weights(graph, inputs, hidden);
        var y = form(graph, x, weights);
        var outputs = new List<(string, Value)> { ("y", y) };
        if (training)
        {
            var gradients = Backward.Of(graph, graph.ReduceSum(graph.Mul(y, y), keepDims: false), [x, .. weights]);
            outputs.AddRange(gradients.Select((gradient, i) => ($"gradient{i}", gradient)));
        }

        return graph.ToModel(outputs, embedParameters: true).ToByteArray();
    }
}

using System.CommandLine;
using System.Diagnostics;
using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.LoadTest;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Measures a server under the load of many clients.</summary>
internal static class LoadTestCommand
{
    public static Command Create()
    {
        var streams = SharedOptions.Count("--streams", "Clients that send at once; with --find-limit the number to begin with (default: 100).", 100, 1, LimitSearch.Most);
        var seconds = SharedOptions.Seconds("--seconds", "How long to measure, once all streams run (default: 10).", 1, 86_400);
        var speed = SharedOptions.Speed("N|max", "Audio seconds a second: 1 is as it plays, max as fast as the server takes it (default: 1).", 100);
        var rate = SharedOptions.Count("--rate", "Sample rate of what is sent, in Hz (default: 22050).", 22_050, 8_000, 192_000);
        var channels = SharedOptions.Count("--channels", "Channels of what is sent (default: 1).", 1, 1, 8);
        var share = SharedOptions.Count("--streams-per-connection", "Streams that share one connection, as a gateway's do (default: 1).", 1, 1, 1000);
        var named = new Option<bool>("--named") { Description = "Give the streams ids: the server then keeps their updates for others to read, and their history." };
        var findLimit = new Option<bool>("--find-limit") { Description = "Find the largest number of streams whose 99th percentile holds, with no window dropped." };
        var p99 = new Option<double>("--p99-ms") { HelpName = "MS", Description = "The bound of --find-limit (default: 250).", DefaultValueFactory = _ => 250 };
        SharedOptions.Limit(p99, 0.0001, 60_000);
        var server = SharedOptions.Server(null, "The gRPC address of a server that runs already (default: one is started, in a process of its own).");
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("loadtest", "Measure a server under the load of many clients: latency, CPU, memory, batches, drops.")
        {
            streams, seconds, speed, rate, channels, share, named, findLimit, p99, server, model, device, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(server) is not null && (result.GetValue(model) is not null || result.GetResult(device) is not null))
            {
                result.AddError("--model and --device are for the server that this command starts and can't be given together with --server.");
            }

            if (result.GetValue(findLimit) && result.GetValue(speed) == "max")
            {
                result.AddError("--find-limit needs a pace: --speed max has no limit to find.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new LoadTestOptions
            {
                Streams = parsed.GetValue(streams),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? 10),
                Speed = SharedOptions.SpeedOf(parsed.GetValue(speed)!),
                Format = new SourceFormat(SampleEncoding.S16Le, parsed.GetValue(rate), parsed.GetValue(channels)),
                StreamsPerConnection = parsed.GetValue(share),
                Named = parsed.GetValue(named),
            };
            using var started = parsed.GetValue(server) is null
                ? await ServerProcess.StartAsync(parsed.GetValue(model), parsed.GetValue(device), cancellationToken)
                : null;
            using var target = new LoadTarget(started?.Address ?? parsed.GetValue(server)!);
            using var output = parsed.GetValue(json) ? new JsonLines() : null;
            void Say(object result, string text)
            {
                if (output is not null)
                {
                    output.WriteLine(LoadText.ToJson(result));
                }
                else
                {
                    Console.Out.WriteLine(text);
                }
            }

            var (window, firstUpdate) = await FirstUpdate.WaitAsync(target, options.Format, cancellationToken);
            var coldStart = started is null ? null : new ColdStart(started.ListeningSeconds, Stopwatch.GetElapsedTime(started.StartedAt, firstUpdate).TotalSeconds);
            if (!parsed.GetValue(findLimit))
            {
                var result = await new LoadRun(target, options).RunAsync(window, cancellationToken) with { ColdStart = coldStart };
                Say(result, LoadText.Table(result));
                return result.FailedStreams == 0 ? 0 : 1;
            }

            LoadResult? best = null;
            var bound = parsed.GetValue(p99);
            var limit = await LimitSearch.FindAsync(options.Streams, async number =>
            {
                var result = await new LoadRun(target, options with { Streams = number }).RunAsync(window, cancellationToken);
                var holds = result.Holds(bound);
                Say(result, LoadText.Line(result, holds));
                best = holds ? result : best;
                return holds;
            });
            Say(new { LimitStreams = limit, P99BoundMs = bound, ColdStart = coldStart }, $"Limit: {limit} streams with p99 <= {bound} ms and nothing dropped.");
            if (best is not null && output is null)
            {
                Console.Out.WriteLine("The last that held; its memory is that of a server that has held more, so ask --streams for a fresh one's:");
                Console.Out.WriteLine(LoadText.Table(best with { ColdStart = coldStart }));
            }

            return limit > 0 ? 0 : 1;
        });
        return command;
    }
}

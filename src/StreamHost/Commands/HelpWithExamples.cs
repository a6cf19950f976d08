using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Help that ends with examples.</summary>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["demo"] = ["demo", "demo --seconds 30", "demo --json | jq .topGenre"],
        ["serve"] =
        [
            "serve", "serve --bind localhost --grpc-port 6000 --http-port 6080", "serve --model my.onnx --device cuda",
            "serve --config tls.json      # Kestrel:Endpoints:Grpc:{Url, Certificate:{Path, Password}}",
        ],
        ["listen"] =
        [
            "listen https://radio.example/live.mp3", "listen https://radio.example/jazz https://radio.example/news --name Jazz --name News",
            "listen rtsp://camera.example/1 --id door --server http://studio:50051", "listen https://radio.example/live.mp3 --json | jq .topGenre",
        ],
        ["mic"] = ["mic", "mic --list", "mic --device hw:1", "mic --server http://studio:50051 --stream-id booth"],
        ["sources"] = ["sources", "sources add https://radio.example/live.mp3 --name Jazz", "sources remove jazz --server http://studio:50051"],
        ["replay"] =
        [
            "replay song.mp3", "replay album/ --speed max", "replay song.wav --server http://localhost:50051 --stream-id kitchen",
            "replay song.wav --speed max --json > updates.jsonl",
        ],
        ["subscribe"] = ["subscribe kitchen", "subscribe kitchen --from 1", "subscribe kitchen --server http://studio:50051 --json"],
        ["streams"] = ["streams", "streams --server http://studio:50051 --json"],
        ["loadtest"] =
        [
            "loadtest --streams 100 --seconds 20", "loadtest --find-limit --p99-ms 250", "loadtest --streams 8 --speed max --model my.onnx --json",
            "loadtest --streams 500 --server http://studio:50051",
        ],
        ["model"] = ["model", "model --server http://studio:50051", "model --model my.onnx --json"],
    };

    // "replay --help" is no error for want of a file.
    public override bool ClearsParseErrors => true;

    /// <summary>Gives every help option of the command line its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction standard)
            {
                option.Action = new HelpWithExamples(standard);
            }
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = standard.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var examples = Examples.TryGetValue(command.Name, out var own) ? own : [.. Examples.Values.Select(of => of[0])];
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine("  streamgenre " + example);
        }

        output.WriteLine($"  (streamgenre stands for {SelfCommand.Text})");
        output.WriteLine();
        return result;
    }
}

namespace StreamGenre.Training.Tests.Commands;

/// <summary>Trainings of seconds, on audio made on the spot: tones against bursts of noise, which any network must learn.</summary>
internal static class SmallTraining
{
    public static string[] Arguments(TemporaryFolder folder, string run, params string[] more) =>
    [
        "train", "--data", folder.In("music"), "--network", "conv4-small", "--epoch-windows", "128", "--batch", "16", "--learning-rate", "0.003",
        "--run", folder.In(run), "--cache", folder.In("cache"), .. more.Contains("--epochs") ? more : [.. more, "--epochs", "6"],
    ];

    public static async Task<(int Code, string Out, string Error)> TrainAsync(TemporaryFolder folder, string run, params string[] more) =>
        await Cli.RunAsync(Arguments(folder, run, more));
}

using System.CommandLine;
using StreamGenre.StreamHost.Commands;

var root = new RootCommand("Listens to audio as it plays and says, second by second, which genre it is.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    ListenCommand.Create(),
    MicCommand.Create(),
    ReplayCommand.Create(),
    SubscribeCommand.Create(),
    HistoryCommand.Create(),
    StreamsCommand.Create(),
    SourcesCommand.Create(),
    ModelCommand.Create(),
    LoadTestCommand.Create(),
    TuneCommand.Create(),
};
return await CommandLine.RunAsync(root, args);

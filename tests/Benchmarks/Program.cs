using System.CommandLine;
using StreamGenre.Benchmarks.Ceiling;
using StreamGenre.Benchmarks.Engines;
using StreamGenre.Benchmarks.FrontEnds;
using StreamGenre.Benchmarks.History;
using StreamGenre.Benchmarks.Micro;
using StreamGenre.Benchmarks.Recurrence;
using StreamGenre.Benchmarks.Serving;
using StreamGenre.Benchmarks.Steps;

// Measurements that are read, not passed or failed; tests/run leaves them out.
var root = new RootCommand("Measure parts of StreamGenre against what else does the same work.")
{
    TrainingStepCommand.Create(),
    FrontEndCommand.Create(),
    BenchCommand.Create(),
    MicroCommand.Create(),
    ChartsCommand.Create(),
    HistoryCommand.Create(),
    RecurrenceCommand.Create(),
    EngineLoadCommand.Create(),
    EngineSoakCommand.Create(),
};
return await root.Parse(args).InvokeAsync();

using System.Diagnostics;

namespace StreamGenre.Benchmarks.Serving;

/// <summary>Times several pieces of work in turn, so that whatever else the machine does hits all of them alike.</summary>
internal sealed class InTurn
{
    // Code is compiled a second time, for speed, from 100 ms on after it was last compiled a first time; as long again for the machine's clock.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly List<(string Name, Action Work, List<double> Times)> _pieces = [];

    /// <summary>Adds a piece of work.</summary>
    public void Add(string name, Action work) => _pieces.Add((name, work, []));

    /// <summary>Runs all pieces so often, after as many rounds uncounted as it takes to warm up.</summary>
    public void Run(int rounds)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var round = -1; round < rounds; round += Stopwatch.GetElapsedTime(begin) < WarmUp ? 0 : 1)
        {
            foreach (var (_, work, times) in _pieces)
            {
                var start = ThreadClock.Microseconds();
                work();
                if (round >= 0)
                {
                    times.Add(ThreadClock.Microseconds() - start);
                }
            }
        }
    }

    /// <summary>The time of a piece in µs: the lower quartile, which interruptions do not reach and a lucky moment does not make.</summary>
    public double Microseconds(string name)
    {
        var times = _pieces.Single(piece => piece.Name == name).Times;
        return times.Order().ElementAt(times.Count / 4);
    }
}

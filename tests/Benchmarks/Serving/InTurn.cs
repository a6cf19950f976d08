namespace StreamGenre.Benchmarks.Serving;

/// <summary>Times several pieces of work in turn, so that whatever else the machine does hits all of them alike.</summary>
internal sealed class InTurn
{
    private readonly List<(string Name, Action Work, List<double> Times)> _pieces = [];

    /// <summary>Adds a piece of work.</summary>
    public void Add(string name, Action work) => _pieces.Add((name, work, []));

    /// <summary>Runs all pieces so often; the first tenth warms up and is not counted.</summary>
    public void Run(int rounds)
    {
        for (var round = -rounds / 10; round < rounds; round++)
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

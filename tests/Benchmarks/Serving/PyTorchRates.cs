namespace StreamGenre.Benchmarks.Serving;

/// <summary>What PyTorch makes of a batch.</summary>
/// <param name="Eager">By plain calls.</param>
/// <param name="Frozen">By a traced, frozen and optimised network.</param>
internal sealed record PyTorchRates(PyTorchRate Eager, PyTorchRate Frozen);

/// <summary>Rows of the network's input a second.</summary>
/// <param name="PerSecond">By the clock.</param>
/// <param name="PerCpuSecond">By processor time.</param>
internal sealed record PyTorchRate(double PerSecond, double PerCpuSecond);

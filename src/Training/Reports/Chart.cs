namespace StreamGenre.Training.Reports;

/// <summary>A chart as the page's script draws it; colours and sizes are the page's, which knows whether it is dark, narrow or printed.</summary>
/// <param name="Id">Where it stands in the page.</param>
/// <param name="Title">What it shows, read out in place of the picture.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, each in a colour and a dash of its own.</param>
internal sealed record Chart(string Id, string Title, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartSeries> Series);

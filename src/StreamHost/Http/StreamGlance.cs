namespace StreamGenre.StreamHost.Http;

/// <summary>What <c>/v1/events</c> sends first: how to read what follows.</summary>
/// <param name="Labels">Genres, which numbers of genres count from 0.</param>
/// <param name="Model">The model's name and version.</param>
/// <param name="CellSeconds">Wall time that a cell of a strip covers.</param>
/// <param name="Cells">Most cells of a strip.</param>
internal sealed record GlanceLegend(IReadOnlyList<string> Labels, string Model, int CellSeconds, int Cells);

/// <summary>What <c>/v1/events</c> sends every second.</summary>
/// <param name="Full">True for the first of a connection: streams that it leaves out are gone.</param>
/// <param name="Streams">Those that have changed since.</param>
/// <param name="Removed">Ids of those that are gone since.</param>
internal sealed record GlanceChanges(bool Full, IReadOnlyList<StreamGlance> Streams, IReadOnlyList<string> Removed);

/// <summary>One stream at a glance.</summary>
/// <param name="Id">The stream's id.</param>
/// <param name="Name">What people call it; empty where it has no name but its id.</param>
/// <param name="Title">What is playing, as the source says; empty where it does not.</param>
/// <param name="State">WARMING_UP, LIVE, SILENT or ENDED.</param>
/// <param name="Heard">Number of the genre that is heard, or a <see cref="Http.Heard"/> of less.</param>
/// <param name="Top">Number of the genre with the highest rolling score, announced or not; −1 for none.</param>
/// <param name="Confidence">How likely that one is right, 0..1.</param>
/// <param name="AudioSeconds">Audio received so far.</param>
/// <param name="LatencyMs">From the newest window's last byte to its update.</param>
/// <param name="Dropped">Windows dropped under overload so far.</param>
/// <param name="Sequence">Number of the newest update; 0 when there is none yet.</param>
/// <param name="At">Wall time of the newest update, in seconds since 1970; 0 when there is none.</param>
/// <param name="Strip">The last ten minutes; only the first time that a connection hears of the stream.</param>
internal sealed record StreamGlance(
    string Id, string Name, string Title, string State, int Heard, int Top, float Confidence, double AudioSeconds, double LatencyMs, long Dropped, long Sequence, double At, StripGlance? Strip);

/// <summary>What was heard of late.</summary>
/// <param name="Last">Number of the newest cell: its wall time in seconds since 1970, divided by <see cref="GlanceLegend.CellSeconds"/>.</param>
/// <param name="Heard">What was heard at each cell's end, oldest first; numbers as <see cref="StreamGlance.Heard"/>.</param>
internal sealed record StripGlance(long Last, IReadOnlyList<int> Heard);

using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>One part of the set that a model was heard on.</summary>
/// <param name="Name">Its file's or folder's name.</param>
/// <param name="Clips">Clips scored.</param>
/// <param name="ClipAccuracy">Share of them heard as what they are, among the labels of the whole set; null where there are none.</param>
/// <param name="Interval">95 %, Wilson.</param>
internal sealed record ReportPart(string Name, int Clips, double? ClipAccuracy, Interval? Interval)
{
    /// <summary>All parts of a set, in the order in which it was put together.</summary>
    public static IReadOnlyList<ReportPart> Of(IReadOnlyList<(string Name, MelSet Set)> parts, ScoredSet scored, Predictions clips)
    {
        var whole = scored.Clips.Select((clip, place) => (clip.Clip.Id, place)).ToLookup(pair => pair.Id, pair => pair.place);
        var taken = new HashSet<int>();
        return [.. parts.Select(part =>
        {
            // Two parts may hold clips of one id: each place is taken once, in order.
            var places = part.Set.Clips.SelectMany(clip => whole[clip.Id].Where(taken.Add).Take(1)).ToList();
            var right = places.Count(place => clips.Top(place) == clips.Truth[place]);
            return places.Count == 0
                ? new ReportPart(part.Name, 0, null, null)
                : new ReportPart(part.Name, places.Count, (double)right / places.Count, Interval.Wilson(right, places.Count));
        })];
    }
}

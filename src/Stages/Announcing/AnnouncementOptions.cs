using System.Collections.Immutable;

namespace StreamGenre.Stages.Announcing;

/// <summary>When the top genre of the rolling scores becomes the announced one.</summary>
public sealed record AnnouncementOptions
{
    /// <summary>Most windows of a dwell.</summary>
    public const int MaxDwellWindows = 600;

    /// <summary>
    /// Least confidence of a genre that is announced, 0..1; 0.4: on music that a network has not learnt from, four top genres in five reach it, of which
    /// three in four are right; of those under it three in five are wrong (docs/history.md has the figures).
    /// </summary>
    public double Threshold { get; init; } = 0.4;

    /// <summary>Thresholds of single genres, by the model's names, in place of <see cref="Threshold"/>.</summary>
    public IReadOnlyDictionary<string, double> GenreThresholds { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>
    /// Windows for which another genre, or being unsure, must hold before it is announced in place of the one that is; 1..600; 3: with windows of 3 s every
    /// second the third shares no audio with the window that was the last of the genre before.
    /// </summary>
    public int DwellWindows { get; init; } = 3;

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    /// <param name="labels">The model's genres.</param>
    public IReadOnlyList<string> Errors(IReadOnlyList<string> labels)
    {
        var errors = new List<string>();
        if (Threshold is not (>= 0 and <= 1))
        {
            errors.Add($"announcement.threshold is {Threshold}; it must be 0..1");
        }

        foreach (var (genre, threshold) in GenreThresholds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!labels.Contains(genre, StringComparer.Ordinal))
            {
                errors.Add($"announcement.genre_thresholds names '{genre}', which the model does not know; it knows {string.Join(", ", labels)}");
            }
            else if (threshold is not (>= 0 and <= 1))
            {
                errors.Add($"announcement.genre_thresholds['{genre}'] is {threshold}; it must be 0..1");
            }
        }

        if (DwellWindows is < 1 or > MaxDwellWindows)
        {
            errors.Add($"announcement.dwell_windows is {DwellWindows}; it must be 1..{MaxDwellWindows}");
        }

        return errors;
    }
}

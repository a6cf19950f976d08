using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Http;

/// <summary>What an update lets one say in a word: a genre by its number, or why none is named.</summary>
internal static class Heard
{
    /// <summary>Music, but no genre that can be named with confidence.</summary>
    public const int Unsure = -1;

    /// <summary>Silence.</summary>
    public const int Silent = -2;

    /// <summary>Nothing yet.</summary>
    public const int Nothing = -3;

    /// <summary>Says it.</summary>
    public static int Of(GenreUpdate? update)
    {
        if (update is null || update.State == StreamState.Silent)
        {
            return update is null ? Nothing : Silent;
        }

        for (var label = 0; label < update.Model.Labels.Count; label++)
        {
            if (update.Model.Labels[label] == update.AnnouncedGenre)
            {
                return label;
            }
        }

        return update.RollingScores.IsEmpty ? Nothing : Unsure;
    }
}

using System.Globalization;

namespace StreamGenre.Training.Data;

/// <summary>How a set falls into training, validation and test side. By recording or by artist, never by window.</summary>
internal abstract record SplitRule
{
    /// <summary>What <see cref="Parse"/> reads, for help texts.</summary>
    public const string Forms =
        "artist:0.75/0.25 (shares of artists), random:0.9/0.05/0.05 (shares of tracks; training/validation[/test]), official (the data set's own), "
        + "lists:FOLDER (train_filtered.txt, valid_filtered.txt and test_filtered.txt in it)";

    /// <summary>Reads a rule as it is written on the command line; see <see cref="Forms"/>.</summary>
    /// <exception cref="TrainingException">It is none of the forms, or its shares are not shares; the message says what is.</exception>
    public static SplitRule Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return (kind, rest) switch
        {
            ("official", "") => new OfficialSplit(),
            ("lists", not "") => ListedSplit.Read(rest),
            ("artist" or "random", not "") => Shares(kind == "artist", rest, text),
            _ => throw new TrainingException($"'{text}' is not a split; {Forms}"),
        };
    }

    /// <summary>The side of every clip of a set, null for those left out.</summary>
    /// <param name="set">The set.</param>
    /// <param name="seed">Draws what is drawn; the same seed and clips give the same sides whatever the clips' order.</param>
    /// <param name="fold">Which block of what is drawn is the validation side, for cross-validation; 0 where nothing is drawn.</param>
    /// <exception cref="TrainingException">The set can't be split so.</exception>
    public abstract IReadOnlyList<SplitSide?> Sides(MelSet set, int seed, int fold);

    private static SharesSplit Shares(bool byArtist, string shares, string text)
    {
        var parts = shares.Split('/');
        var values = new double[3];
        var sum = 0.0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (i >= 3 || !double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out values[i]))
            {
                throw new TrainingException($"'{text}' is not a split; write two or three shares that sum to 1, like random:0.9/0.05/0.05");
            }

            sum += values[i];
        }

        return parts.Length >= 2 && Math.Abs(sum - 1) < 1e-6
            ? new SharesSplit(byArtist, values[1], values[2])
            : throw new TrainingException($"the shares of '{text}' sum to {sum}; two or three that sum to 1 are wanted, training/validation[/test]");
    }
}

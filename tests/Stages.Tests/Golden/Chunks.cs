using FsCheck;
using FsCheck.Fluent;

namespace StreamGenre.Stages.Tests.Golden;

/// <summary>Random cuttings of an input into chunks, the empty one among them.</summary>
internal static class Chunks
{
    /// <summary>Lists of chunk lengths, used over and over until the input is spent.</summary>
    public static Arbitrary<int[]> Lengths(int max)
        => Gen.OneOf(Gen.Choose(0, 7), Gen.Choose(0, max)).NonEmptyListOf().Select(lengths => lengths.ToArray()).ToArbitrary();

    /// <summary>The ranges that <paramref name="lengths"/> cut <paramref name="total"/> into.</summary>
    public static IEnumerable<Range> Cut(int total, int[] lengths)
    {
        var start = 0;
        for (var i = 0; start < total; i++)
        {
            // A list of zeros alone would never end.
            var length = Math.Max(lengths[i % lengths.Length], i % lengths.Length == 0 && Array.TrueForAll(lengths, l => l == 0) ? 1 : 0);
            var end = Math.Min(total, start + length);
            yield return start..end;
            start = end;
        }
    }

    /// <summary>Throws with the shrunk cutting when some cutting gives anything but what one chunk gives.</summary>
    public static void CheckAny(int maxLength, int tests, Func<int[], bool> sameAsOneChunk)
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(Lengths(maxLength), sameAsOneChunk));
}

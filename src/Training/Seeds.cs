namespace StreamGenre.Training;

/// <summary>Seeds of draws that stand alone: what is drawn depends on where it is used and not on what was drawn before, so a run can begin anywhere.</summary>
internal static class Seeds
{
    /// <summary>Mixes three numbers into a seed; unlike System.HashCode the same in every process (constants of splitmix64, Steele et al. 2014).</summary>
    public static int Mix(int a, int b, int c)
    {
        unchecked
        {
            var z = ((ulong)(uint)a << 32) ^ (uint)b ^ ((ulong)(uint)c * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)(z ^ (z >> 31));
        }
    }
}

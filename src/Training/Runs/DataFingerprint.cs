using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Runs;

/// <summary>Tells whether a run that is taken up again sees the data it began with.</summary>
internal static class DataFingerprint
{
    /// <summary>SHA-256 over labels, clips and cells of all sets and over files beside them, in hexadecimal.</summary>
    public static string Of(RunData data, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Text(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add("training", data.Training);
        foreach (var (name, set) in data.Validation)
        {
            Add(name, set);
        }

        if (data.Unlabelled is { } unlabelled)
        {
            Add("unlabelled", unlabelled);
        }

        foreach (var file in files)
        {
            Text(Path.GetFileName(file));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string name, MelSet set)
        {
            Text($"{name}: {string.Join(", ", set.Labels)}");
            foreach (var clip in set.Clips)
            {
                Text($"{clip.Id} {string.Join(' ', clip.Labels)} {clip.Frames}");
                hash.AppendData(MemoryMarshal.AsBytes<float>(clip.ToDecibels()));
            }
        }
    }
}

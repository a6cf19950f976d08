using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Adapters;

/// <summary>Recordings through two front ends, and some artists' held back.</summary>
/// <param name="Training">What an adapter learns from.</param>
/// <param name="Held">What it is measured on.</param>
/// <param name="TrainingCount">Recordings to learn from.</param>
/// <param name="HeldCount">Recordings to measure on.</param>
internal sealed record AdapterData(AdapterPairs Training, AdapterPairs Held, int TrainingCount, int HeldCount)
{
    /// <summary>Reads folders of audio.</summary>
    /// <param name="parts">The folders; stored mels are refused, as no other front end's frames can be had of them.</param>
    /// <param name="window">What a window of ours is.</param>
    /// <param name="grid">Where the backbone's frames lie in it.</param>
    /// <param name="options">The share of artists held back, and the seed that draws them.</param>
    /// <param name="cacheFolder">Where frames are kept.</param>
    /// <param name="report">Told what was read and skipped.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<AdapterData> ReadAsync(
        IReadOnlyList<string> parts, ModelContract window, AdapterGrid grid, AdapterOptions options, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        if (parts.FirstOrDefault(DataReader.IsStoredMels) is { } stored)
        {
            throw new TrainingException($"{stored} holds mels; an adapter learns from audio, which goes through both front ends; name folders of audio");
        }

        var own = await ReadAsync(parts, AdapterPairs.Fine(window.Mel), cacheFolder, report, cancellation);
        var wanted = (await ReadAsync(parts, YamnetFrontEnd.Mel, cacheFolder, null, cancellation)).Clips.ToDictionary(clip => clip.Id);
        var usable = own.Clips
            .Where(clip => clip.Frames > AdapterPairs.Steps * (window.PatchFrames + 2) && wanted.TryGetValue(clip.Id, out var other) && other.Frames > grid.Frames)
            .ToList();
        var (kept, held) = new MelSet(own.Labels, usable).HoldOut(options.HoldOutArtists, options.Seed);
        if (kept.Clips.Count == 0 || held.Clips.Count == 0)
        {
            throw new TrainingException($"{usable.Count} recordings by {usable.Select(clip => clip.Group).Distinct().Count()} artists can't be split in two; name more audio");
        }

        AdapterPairs Pairs(MelSet set) => new(set.Clips, set.Clips.Select(clip => wanted[clip.Id]).ToList(), window, grid);
        return new AdapterData(Pairs(kept), Pairs(held), kept.Clips.Count, held.Clips.Count);
    }

    private static async Task<MelSet> ReadAsync(IReadOnlyList<string> parts, MelOptions mel, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        var reader = new DataReader(mel, cacheFolder, new PartOptions(), report);
        var sets = new List<MelSet>();
        foreach (var part in parts)
        {
            sets.Add(await reader.ReadAsync(part, cancellation));
        }

        return MelSet.Union(sets);
    }
}

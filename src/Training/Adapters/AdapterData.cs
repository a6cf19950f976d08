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
    // Recordings are learnt from as they are, and slower and faster, and so lower and higher: few artists then give many sounds.
    private static readonly double[] OtherSpeeds = [0.8, 1.25];

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

        async Task<IReadOnlyDictionary<string, (MelClip Own, MelClip Wanted)>> PlayedAsync(double speed, Action<string>? told)
        {
            var own = await ReadAsync(parts, AdapterPairs.Fine(window.Mel), speed, cacheFolder, told, cancellation);
            var wanted = (await ReadAsync(parts, YamnetFrontEnd.Mel, speed, cacheFolder, null, cancellation)).Clips.ToDictionary(clip => clip.Id);
            return own.Clips
                .Where(clip => clip.Frames > AdapterPairs.Steps * (window.PatchFrames + 2) && wanted.TryGetValue(clip.Id, out var other) && other.Frames > grid.Frames)
                .ToDictionary(clip => clip.Id, clip => (clip, wanted[clip.Id]));
        }

        var usable = await PlayedAsync(1, report);
        var (kept, held) = new MelSet(["any"], usable.Values.Select(pair => pair.Own.Relabelled([0])).ToList()).HoldOut(options.HoldOutArtists, options.Seed);
        if (kept.Clips.Count == 0 || held.Clips.Count == 0)
        {
            throw new TrainingException($"{usable.Count} recordings by {usable.Values.Select(pair => pair.Own.Group).Distinct().Count()} artists can't be split in two; name more audio");
        }

        var training = kept.Clips.Select(clip => usable[clip.Id]).ToList();
        foreach (var speed in OtherSpeeds)
        {
            var played = await PlayedAsync(speed, null);
            training.AddRange(kept.Clips.Where(clip => played.ContainsKey(clip.Id)).Select(clip => played[clip.Id]));
        }

        AdapterPairs Pairs(IEnumerable<(MelClip Own, MelClip Wanted)> pairs) => new(pairs.Select(pair => pair.Own).ToList(), pairs.Select(pair => pair.Wanted).ToList(), window, grid);
        return new AdapterData(Pairs(training), Pairs(held.Clips.Select(clip => usable[clip.Id])), kept.Clips.Count, held.Clips.Count);
    }

    private static async Task<MelSet> ReadAsync(IReadOnlyList<string> parts, MelOptions mel, double speed, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        var reader = new DataReader(mel, cacheFolder, new PartOptions { Speed = speed }, report);
        var sets = new List<MelSet>();
        foreach (var part in parts)
        {
            sets.Add(await reader.ReadAsync(part, cancellation));
        }

        return MelSet.Union(sets);
    }
}

using System.IO.Compression;
using System.Text.Json;

using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Runs;

/// <summary>
/// A checkpoint as an npz: one array for each parameter of each vector, such as <c>weights/conv1.weight</c> or <c>adam.mean/conv1.weight</c>, and the
/// progress as JSON beside them (<c>progress.json</c>; numpy gives it as bytes).
/// </summary>
internal static class CheckpointFile
{
    private const string ProgressName = "progress.json";
    private const string BestName = "best";

    /// <summary>Writes it; it appears whole or not at all.</summary>
    public static void Write(string path, Checkpoint checkpoint) =>
        Write(path, checkpoint.Progress, checkpoint.State.Append(new(BestName, [.. checkpoint.Best.Values])));

    /// <summary>Reads it.</summary>
    /// <exception cref="TrainingException">It is missing, damaged, or of another version of this program.</exception>
    public static Checkpoint Read(string path)
    {
        var (progress, vectors) = Read<RunProgress>(path);
        vectors.Remove(BestName, out var best);
        return new Checkpoint(progress, vectors, (best ?? []).ToDictionary(tensor => tensor.Name));
    }

    /// <summary>Writes progress of any kind and vectors by name, each cut into its parameters; the file appears whole or not at all.</summary>
    public static void Write<TProgress>(string path, TProgress progress, IEnumerable<KeyValuePair<string, IReadOnlyList<ParameterTensor>>> vectors) => AtomicFile.Write(path, file =>
    {
        // Not compressed: weights are noise to a compressor.
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        using (var json = archive.CreateEntry(ProgressName, CompressionLevel.NoCompression).Open())
        {
            JsonSerializer.Serialize(json, progress, RunJson.Line);
        }

        foreach (var (vector, tensors) in vectors)
        {
            foreach (var tensor in tensors)
            {
                using var stream = archive.CreateEntry($"{vector}/{tensor.Name}.npy", CompressionLevel.NoCompression).Open();
                NpyArray.Write(stream, tensor.Values, Array.ConvertAll(tensor.Shape.ToArray(), length => (int)length));
            }
        }
    });

    /// <summary>Reads what <see cref="Write{TProgress}"/> wrote.</summary>
    /// <exception cref="TrainingException">It is missing, damaged, or of another version of this program.</exception>
    public static (TProgress Progress, Dictionary<string, IReadOnlyList<ParameterTensor>> Vectors) Read<TProgress>(string path)
    {
        var file = NpzFile.Read(path);
        using var archive = ZipFile.OpenRead(path);
        var entry = archive.GetEntry(ProgressName)
            ?? throw new TrainingException($"{path} holds no {ProgressName}: it was left by another version of this program, or it is no checkpoint");
        using var json = entry.Open();
        var progress = JsonSerializer.Deserialize<TProgress>(json, RunJson.Line)!;

        // In the archive's order, which is the order of the parameters in their vector.
        var vectors = new Dictionary<string, IReadOnlyList<ParameterTensor>>();
        foreach (var name in file.Names)
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var (vector, parameter) = (name[..slash], name[(slash + 1)..]);
            var shape = new TensorShape(Array.ConvertAll(file[name].Shape, length => (long)length));
            vectors.TryAdd(vector, new List<ParameterTensor>());
            ((List<ParameterTensor>)vectors[vector]).Add(new ParameterTensor(parameter, shape, file[name].ToSingles()));
        }

        return (progress, vectors);
    }
}

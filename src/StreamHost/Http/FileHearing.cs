using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>A file that is heard from beginning to end, as fast as it goes.</summary>
/// <param name="file">The file, decoded.</param>
/// <param name="session">A stream of its format.</param>
/// <param name="stopping">Cancelled when the server begins to shut down.</param>
internal sealed class FileHearing(UploadedFile file, StreamSession session, CancellationToken stopping)
{
    private const int ChunkBytes = 64 * 1024;

    private readonly double[] _sum = new double[session.Model.Labels.Count];
    private int _windows;
    private GenreUpdate? _last;

    /// <summary>Hears it, once.</summary>
    /// <param name="onUpdate">Gets every update.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioFiles.AudioSourceException">It can't be decoded to its end.</exception>
    /// <exception cref="StreamRefusedException">The server is shutting down.</exception>
    public async Task<FileScores> HearAsync(Func<GenreUpdate, Task> onUpdate, CancellationToken cancellationToken)
    {
        await session.RunAsync(
            stop => SendAsync(stop, cancellationToken),
            update =>
            {
                Add(update);
                return onUpdate(update);
            },
            stopping,
            cancellationToken);
        var mean = _windows == 0 ? [] : Array.ConvertAll(_sum, score => (float)(score / _windows));
        var ranked = Ranked(mean);
        return new FileScores(
            ranked.Count > 0 ? ranked[0].Genre : "", ranked, Ranked(_last is null ? default : _last.RollingScores.Span),
            session.AudioTime.TotalSeconds, _windows, session.Model.Name, session.Model.Version, Updates: null);
    }

    private async Task SendAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var frameBytes = file.Source.Format.FrameBytes;
        var buffer = new byte[Math.Max(1, ChunkBytes / frameBytes) * frameBytes];
        while (await file.Source.ReadAsync(buffer, stop) is var read and > 0)
        {
            await session.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private void Add(GenreUpdate update)
    {
        _last = update;
        var scores = update.WindowScores.Span;
        for (var i = 0; i < scores.Length; i++)
        {
            _sum[i] += scores[i];
        }

        _windows += scores.IsEmpty ? 0 : 1;
    }

    private IReadOnlyList<FileScore> Ranked(ReadOnlySpan<float> scores)
    {
        var list = new List<FileScore>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            list.Add(new FileScore(session.Model.Labels[i], scores[i]));
        }

        return [.. list.OrderByDescending(score => score.Score)];
    }
}

using System.Text.Json.Nodes;

namespace StreamGenre.StreamHost.Http;

/// <summary>What came of a file, as <c>POST /v1/classify</c> answers.</summary>
/// <param name="TopGenre">The highest of <paramref name="Scores"/>; empty for a file too short or silent.</param>
/// <param name="Scores">Mean over all windows of the file that are not silent, highest first; 0..1.</param>
/// <param name="RollingScores">The rolling scores at the file's end, highest first; 0..1.</param>
/// <param name="AudioSeconds">Its length, in seconds.</param>
/// <param name="Windows">Windows with scores.</param>
/// <param name="ModelName">The model.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Updates">Every update, as GenreUpdate; only where <c>?windows=true</c> asked for them.</param>
internal sealed record FileScores(
    string TopGenre,
    IReadOnlyList<FileScore> Scores,
    IReadOnlyList<FileScore> RollingScores,
    double AudioSeconds,
    int Windows,
    string ModelName,
    string ModelVersion,
    IReadOnlyList<JsonNode>? Updates);

/// <summary>A genre and how much of it is heard.</summary>
/// <param name="Genre">The model's name of the genre.</param>
/// <param name="Score">Probability, 0..1.</param>
internal sealed record FileScore(string Genre, float Score);

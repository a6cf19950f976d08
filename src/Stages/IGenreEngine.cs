using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages;

/// <summary>
/// Takes the audio of many streams and gives each its genres: the way of the data as a whole, whatever runs it. Everything above (sessions,
/// services, commands) knows engines by this interface alone. <see cref="GenrePipeline"/> is the in-box one.
/// </summary>
/// <remarks>
/// All engines are built from the same stages and keep the same promises: the same bytes give the same updates, in the order of the audio;
/// nothing that was accepted is lost under <see cref="OverloadPolicy.Block"/>; one stream's failure is its own.
/// </remarks>
public interface IGenreEngine : IAsyncDisposable
{
    /// <summary>What the model wants and gives.</summary>
    ModelContract Contract { get; }

    /// <summary>What runs the model.</summary>
    string ExecutionProvider { get; }

    /// <summary>The counters at this moment.</summary>
    PipelineStatistics Statistics { get; }

    /// <summary>Opens a stream. Dispose of it when done, whether or not it ended.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with the options.</exception>
    /// <exception cref="ObjectDisposedException">The engine has been disposed of.</exception>
    IGenreStream Open(GenreStreamOptions options);
}

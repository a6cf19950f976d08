using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Networks;

/// <summary>Front ends whose windows are pictures of a published size.</summary>
internal static class Picture
{
    private const int SampleRateHz = 22_050;

    /// <summary>The front end at 22,050 Hz in which a window of audio is a picture [mels, frames], the frames spread evenly over it.</summary>
    /// <param name="mels">Height: mel bands.</param>
    /// <param name="frames">Width: frames.</param>
    /// <param name="seconds">Audio under the picture.</param>
    /// <param name="fftSize">Samples of an FFT.</param>
    public static FrontEnd Of(int mels, int frames, double seconds, int fftSize = 2048) => new()
    {
        // The last frame, whose first half alone hears new samples, must end with the window.
        Mel = new MelOptions
        {
            SampleRateHz = SampleRateHz,
            FftSize = fftSize,
            FrameSamples = fftSize,
            HopSamples = (int)(((seconds * SampleRateHz) - (fftSize / 2)) / (frames - 1)),
            MelBins = mels,
        },
        WindowSeconds = seconds,
        PatchFrames = frames,
    };
}

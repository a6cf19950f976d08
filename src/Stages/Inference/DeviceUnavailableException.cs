namespace StreamGenre.Stages.Inference;

/// <summary>The device that was asked for can't be had; the message says why and what to do.</summary>
public sealed class DeviceUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

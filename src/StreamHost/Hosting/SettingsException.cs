namespace StreamGenre.StreamHost.Hosting;

/// <summary>Settings that can't be used; the message lists every error.</summary>
internal sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);

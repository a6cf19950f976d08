using Google.Protobuf;

namespace StreamGenre.StreamHost.Services;

/// <summary>Messages as proto3 JSON, on one line, with fields at their default value written out: every object has the same keys.</summary>
internal static class WireJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>Writes a message.</summary>
    public static string Write(IMessage message) => Formatter.Format(message);
}

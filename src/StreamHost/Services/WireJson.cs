using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;

namespace StreamGenre.StreamHost.Services;

/// <summary>Messages as proto3 JSON, on one line, with fields at their default value written out: every object has the same keys.</summary>
internal static class WireJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    // As the formatter's own strings: letters of all scripts as they are.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a message.</summary>
    public static string Write(IMessage message) => Formatter.Format(message);

    /// <summary>Writes a message with one more text in front of its fields.</summary>
    public static string Write(string name, string text, IMessage message) =>
        $"{{ \"{name}\": {JsonSerializer.Serialize(text, Readable)}, {Formatter.Format(message).AsSpan().TrimStart("{ ")}";
}

using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Http;

[Trait("Category", "Server")]
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Document_TellsEveryEndpoint_AndItsSchemasFitWhatTheEndpointsSend()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "a");
        await SubscribeTests.FinishAsync(publisher, 4);
        using var http = server.Http();
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)));
        var root = document.RootElement;
        Assert.StartsWith("3.", root.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = root.GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        Assert.Superset(
            new HashSet<string>
            {
                "/healthz", "/v1/server", "/v1/statistics", "/v1/model", "/v1/streams", "/v1/events", "/v1/classify",
                "/v1/streams/{id}/updates", "/v1/streams/{id}/audio", "/v1/streams/{id}/spectrogram", "/v1/streams/{id}/history", "/v1/streams/{id}/changes", "/v1/changes",
            },
            paths.Keys.ToHashSet());
        Assert.All(paths, path => Assert.All(path.Value.EnumerateObject(), operation =>
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()), $"{operation.Name} {path.Key} has no summary")));

        foreach (var (path, address, events) in new[] { ("/v1/streams", "/v1/streams", false), ("/v1/model", "/v1/model", false), ("/v1/streams/{id}/history", "/v1/streams/a/history", false), ("/v1/streams/{id}/updates", "/v1/streams/a/updates?from=1", true) })
        {
            var content = paths[path].GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().First().Value;
            var text = await http.GetStringAsync(new Uri(address, UriKind.Relative));
            using var parsed = events ? null : JsonDocument.Parse(text);
            var sent = parsed?.RootElement ?? HttpClientOf.Events(text)[0].Data;
            Check(sent, content.GetProperty("schema"), root, path);
        }
    }

    // As much of JSON Schema as the document uses.
    private static void Check(JsonElement value, JsonElement schema, JsonElement root, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(root, (element, name) => element.GetProperty(name));
        }

        var types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(type => type.GetString()!).ToList() : [schema.GetProperty("type").GetString()!];
        var type = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Null => "null",
            JsonValueKind.Number => types.Contains("integer") && value.TryGetInt64(out _) ? "integer" : "number",
            _ => "boolean",
        };
        Assert.True(types.Contains(type), $"{at} is {type}, the document says {string.Join('|', types)}");
        if (type == "object" && schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in value.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(property.Name, out var inner), $"{at}.{property.Name} is not in the document");
                Check(property.Value, inner, root, $"{at}.{property.Name}");
            }
        }
        else if (type == "array")
        {
            Assert.All(value.EnumerateArray(), item => Check(item, schema.GetProperty("items"), root, at + "[]"));
        }
        else if (schema.TryGetProperty("enum", out var names))
        {
            Assert.Contains(value.GetString(), names.EnumerateArray().Select(name => name.GetString()));
        }
        else if (type == "string" && schema.TryGetProperty("pattern", out var pattern))
        {
            Assert.Matches(pattern.GetString()!, value.GetString()!);
        }
    }
}

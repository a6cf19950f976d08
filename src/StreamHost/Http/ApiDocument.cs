using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StreamGenre.StreamHost.Http;

/// <summary>
/// The OpenAPI document, made from the endpoints themselves. Messages are written as proto3 JSON, which reflection over their C# classes would get wrong
/// (durations, 64-bit numbers, enums), so their schemas are made from their protobuf descriptors.
/// </summary>
internal static class ApiDocument
{
    /// <summary>Sets it up.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "StreamGenre",
                Version = "v1",
                Description = "Rolling genre probabilities of audio as it plays. Errors are problem details (RFC 9457).",
            };

            // Where the reader found this document is where the API is; a proxy may have renamed the host.
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type.IsAssignableTo(typeof(IMessage)))
            {
                Fill(schema, ((IMessage)Activator.CreateInstance(context.JsonTypeInfo.Type)!).Descriptor);
            }

            return Task.CompletedTask;
        });
    }

    private static void Fill(OpenApiSchema schema, MessageDescriptor message)
    {
        schema.Required = null;

        // https://protobuf.dev/programming-guides/json/
        if (message == Duration.Descriptor || message == Timestamp.Descriptor)
        {
            (schema.Type, schema.Properties) = (JsonSchemaType.String | JsonSchemaType.Null, null);
            schema.Format = message == Timestamp.Descriptor ? "date-time" : null;
            schema.Pattern = message == Duration.Descriptor ? @"^-?\d+(\.\d+)?s$" : null;
            return;
        }

        schema.Type = JsonSchemaType.Object;
        schema.Properties = message.Fields.InDeclarationOrder().ToDictionary(field => field.JsonName, Of);
    }

    private static IOpenApiSchema Of(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Single(field.MessageType.FindFieldByNumber(2)) };
        }

        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Single(field) } : Single(field);
    }

    private static OpenApiSchema Single(FieldDescriptor field)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                var nested = new OpenApiSchema();
                Fill(nested, field.MessageType);
                nested.Type |= JsonSchemaType.Null;
                return nested;
            case FieldType.Enum:
                return new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. field.EnumType.Values.Select(value => (JsonNode)value.Name)] };
            case FieldType.Int64 or FieldType.UInt64:
                return new OpenApiSchema { Type = JsonSchemaType.String, Format = "int64" };
            case FieldType.Int32 or FieldType.UInt32:
                return new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" };
            case FieldType.Float or FieldType.Double:
                return new OpenApiSchema { Type = JsonSchemaType.Number };
            case FieldType.Bool:
                return new OpenApiSchema { Type = JsonSchemaType.Boolean };
            default:
                return new OpenApiSchema { Type = JsonSchemaType.String };
        }
    }
}

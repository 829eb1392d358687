using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Yizhen.Web.Page;

/// <summary>One spelling of JSON for every face and command: snake_case names, words instead of numbers, Chinese as it is written.</summary>
internal static class Faces
{
    public static JsonSerializerOptions Json { get; } = Made();

    public static void Spell(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.Converters.Add(new Plain());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    /// <summary>The same for the endpoints: how a record is made up is found out when the first is read or sent, not for all of them before the first page.</summary>
    public static void Serve(JsonSerializerOptions options)
    {
        Spell(options);
        options.TypeInfoResolverChain.Insert(0, new Later(options));
    }

    private static JsonSerializerOptions Made()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Spell(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>A copy of the options, such as the description of the interface makes, sees the records themselves.</summary>
    private sealed class Later(JsonSerializerOptions served) : IJsonTypeInfoResolver
    {
        private static readonly MethodInfo Shape = typeof(Later).GetMethod(nameof(Made), BindingFlags.NonPublic | BindingFlags.Static)!;

        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            ReferenceEquals(options, served) && type is { IsClass: true, Namespace: { } named } && named.StartsWith(nameof(Yizhen), StringComparison.Ordinal)
                ? (JsonTypeInfo?)Shape.MakeGenericMethod(type).Invoke(null, [options])
                : null;

        private static JsonTypeInfo<T> Made<T>(JsonSerializerOptions options) => JsonMetadataServices.CreateValueInfo<T>(options, new Late<T>());
    }

    private sealed class Late<T> : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<T>(ref reader, Json);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Json);
    }

    /// <summary>Text without NUL, which nobody types and PostgreSQL does not take.</summary>
    private sealed class Plain : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? reader.GetString()?.Replace("\0", "", StringComparison.Ordinal) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() ?? "";

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }
}

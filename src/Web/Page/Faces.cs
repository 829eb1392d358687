using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Made()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Spell(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

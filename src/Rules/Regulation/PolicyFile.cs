using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Regulation;

/// <summary>A text for people in both languages; neither may be empty.</summary>
public sealed record PolicyText(string Zh, string En)
{
    /// <param name="lang">Anything but "en" reads Chinese.</param>
    public string In(string lang) => lang == "en" ? En : Zh;

    internal bool IsEmpty => string.IsNullOrWhiteSpace(Zh) || string.IsNullOrWhiteSpace(En);
}

/// <summary>How sure a line is: read at the source, read reposted, read in a secondary account, from memory, our own design.</summary>
public enum Grade
{
    P,
    T,
    S,
    M,
    D,
}

/// <summary>Policies are data that a deployment may change, so they are read strictly: a member too many or too few is an error.</summary>
internal static class PolicyFile
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <exception cref="FormatException">One sentence that names what is wrong and where.</exception>
    public static T Read<T>(string json, Func<T, string?> wrong)
        where T : class
    {
        T? read;
        try
        {
            read = JsonSerializer.Deserialize<T>(json, Strict);
        }
        catch (JsonException e)
        {
            throw new FormatException($"A policy cannot be read: {e.Message}", e);
        }

        return read is null ? throw new FormatException("A policy cannot be read: it is empty.")
            : wrong(read) is { } why ? throw new FormatException($"A policy cannot be used: {why}")
            : read;
    }

    public static bool EachOnce<T>(IEnumerable<T> found, IEnumerable<T> wanted)
        where T : notnull
    {
        var list = found.ToImmutableArray();
        return list.Length == list.Distinct().Count() && list.ToImmutableHashSet().SetEquals(wanted);
    }
}

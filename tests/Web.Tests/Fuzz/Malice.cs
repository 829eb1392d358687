using System.Text;
using System.Text.Json;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What a field is given that no form of ours would send. <see cref="Raw"/> is the JSON token, where U+E000 stands for two bytes that are no UTF-8.</summary>
internal sealed record Malice(string Name, string Raw, string? Text)
{
    public const char Broken = '\uE000';

    /// <summary>Nothing but this word is ever called by what we inject, so it can be looked for.</summary>
    public const string Script = "yz9()";

    public static IReadOnlyList<Malice> Texts { get; } =
    [
        Of("script", $"咳嗽<script>{Script}</script>"),
        Of("nul", "前\0后"),
        Of("empty", ""),
        Of("blank", " \t \u3000"),
        Of("sql", "'; drop table fact; select '1"),
        Of("attribute", $"\" onfocus={Script} autofocus x=\"' onclick='{Script}"),
        Of("image", $"</textarea></title><img src=x onerror={Script}>"),
        Of("address", $"javascript:{Script}"),
        Of("template", "{{7*7}}${7*7}@(7*7)<%= 7*7 %>#{7*7}%n%s"),
        Of("emoji", "👩‍👩‍👧‍👦🤒🇨🇳"),
        Of("right to left", "\u202Eمرحبا\u202C \u2067שלום\u2069"),
        Of("zero width", "发\u200B烧\uFEFF了\u200D\u2060"),
        Of("marks", "Z" + new string('\u0351', 60)),
        Of("no character", "a\uFFFF\uFFFEb"),
        Of("lines", "a\r\nSet-Cookie: yz9=1\r\n\r\nb\u2028c"),
        Of("path", "../../../../etc/passwd"),
        Of("percent", "%00%0d%0a%c0%ae%ff"),
        Of("below zero", "-1"),
        Of("more than a long", "99999999999999999999"),
        Of("endless", "1e309"),
        Of("not a number", "NaN"),
        Of("number of no name", "99"),
        Of("two names", "self,child,d1,d2"),
        Of("wide digits", "１２３４５６"),
        Of("date", "0000-00-00"),
        Of("true", "true"),
        Of("long", new string('长', 100_000)),
    ];

    public static IReadOnlyList<Malice> Tokens { get; } =
    [
        new("null", "null", null),
        new("truth", "true", null),
        new("zero", "0", null),
        new("minus one", "-1", null),
        new("more than an int", "2147483648", null),
        new("more than a long as number", "9223372036854775808", null),
        new("endless number", "1e400", null),
        new("half", "1.5", null),
        new("list", "[]", null),
        new("object", "{}", null),
        new("list of nothing", "[null]", null),
        new("object of things", """{"a":{"b":[1,null,"x"]}}""", null),
        new("half a character", "\"\\ud83d\"", null),
        new("broken bytes", $"\"a{Broken}b\"", null),
        new("deep", new string('[', 3000) + new string(']', 3000), null),
        new("unended", "\"abc", null),
        new("nothing", "", null),
        .. Texts,
    ];

    public static byte[] Bytes(string json)
    {
        var bytes = new List<byte>(json.Length + 16);
        foreach (var part in json.Split(Broken))
        {
            bytes.AddRange(bytes.Count > 0 ? [0xFF, 0xC3] : (ReadOnlySpan<byte>)[]);
            bytes.AddRange(Encoding.UTF8.GetBytes(part));
        }

        return [.. bytes];
    }

    private static Malice Of(string name, string text) => new(name, JsonSerializer.Serialize(text), text);
}

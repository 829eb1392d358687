using System.Text;
using System.Text.Json.Nodes;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What people, programs and attackers put into a field.</summary>
internal static class Attacks
{
    public static readonly string[] Texts =
    [
        "", " ", "null", "undefined", "true", "-1", "0", "1e309", "99999999999999999999999999", "NaN", "０１２", "2020-02-30", "\u0000", "a\u0000b", "\r\nSet-Cookie: x=1",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; drop table fact; --", "%00%0d%0a", "../../../etc/passwd", "{{7*7}}", "${jndi:ldap://x}",
        "😷🤒👨‍👩‍👧‍👦🇨🇳", "مرحبا بالعالم‏", "\u202Eevil\u202C", "\u200B\u200D\uFEFF", "𠮷野家でご飯", "e\u0301\u0301\u0301\u0301\u0301", "\uD83D", "a|b|c", "unknown|none", "%", "_", "\\",
    ];

    public static readonly string Huge = new('胀', 400_000);

    public static IEnumerable<JsonNode?> Values =>
    [
        null, true, 0, -1, 1.5, 1e300, long.MaxValue, "", "x", new JsonArray(), new JsonArray(1, "a", null), new JsonObject(), new JsonObject { ["a"] = new JsonObject() },
        .. Texts.Where(t => !t.Any(char.IsSurrogate) || t.Length > 1).Select(t => (JsonNode)t),
    ];

    /// <summary>Bodies that are no JSON, or JSON that no program should send.</summary>
    public static IEnumerable<byte[]> Bodies =>
    [
        [], "null"u8.ToArray(), "[]"u8.ToArray(), "{"u8.ToArray(), "\"text\""u8.ToArray(), "{\"a\":1,}"u8.ToArray(), "{\"phone\":1,\"phone\":\"2\"}"u8.ToArray(), [0xFF, 0xFE, 0x00], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D],
        Encoding.ASCII.GetBytes(new string('[', 20_000)), Encoding.ASCII.GetBytes("{\"text\":" + new string('{', 500)), "--x\r\nContent-Disposition: form-data\r\n\r\n"u8.ToArray(),
    ];

    public static readonly string[] ContentTypes = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/octet-stream", "nonsense"];
}

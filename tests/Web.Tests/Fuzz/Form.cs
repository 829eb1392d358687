using System.Net;
using System.Text.RegularExpressions;

namespace Yizhen.Web.Tests.Fuzz;

/// <param name="Kind">text, textarea, hidden, radio, checkbox, select, file, button, password and so on.</param>
internal sealed record Field(string Name, string Kind, string Value)
{
    public bool IsTyped => Kind is "text" or "textarea" or "search" or "tel" or "email";
}

/// <summary>A form as it stands on a page of ours.</summary>
internal sealed partial record Form(string Action, bool Multipart, IReadOnlyList<Field> Fields)
{
    public const string TokenName = "__RequestVerificationToken";

    public static IReadOnlyList<Form> On(string html) =>
    [
        .. Forms().Matches(html)
            .Select(m => (Tag: m.Groups[1].Value, Inside: m.Groups[2].Value))
            .Where(f => Attribute(f.Tag, "method").Equals("post", StringComparison.OrdinalIgnoreCase))
            .Select(f => new Form(Attribute(f.Tag, "action"), f.Tag.Contains("multipart", StringComparison.Ordinal), [.. Parts(f.Inside)])),
    ];

    /// <summary>What somebody would send who fills in everything.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Filled()
    {
        var sent = new List<KeyValuePair<string, string>>();
        foreach (var field in Fields.Where(f => f.Kind is not "file" && f.Name != TokenName))
        {
            if (field.Kind is "radio" or "button" or "select" && sent.Any(s => s.Key == field.Name))
            {
                continue;
            }

            sent.Add(new(field.Name, field.Value.Length > 0 ? field.Value : Samples.Text(field.Name)));
        }

        return sent;
    }

    private static IEnumerable<Field> Parts(string inside)
    {
        foreach (var match in Controls().Matches(inside).AsEnumerable())
        {
            var tag = match.Groups[2].Value;
            var (name, element) = (Attribute(tag, "name"), match.Groups[1].Value);
            if (name.Length == 0)
            {
                continue;
            }

            if (element == "select")
            {
                var options = Options().Matches(match.Groups[3].Value).Select(o => WebUtility.HtmlDecode(o.Groups[1].Value));
                yield return new(name, "select", options.FirstOrDefault(o => o.Length > 0) ?? "");
                continue;
            }

            var kind = element switch { "input" => Attribute(tag, "type") is { Length: > 0 } type ? type : "text", var other => other };
            yield return new(name, kind, element == "textarea" ? WebUtility.HtmlDecode(match.Groups[3].Value) : Attribute(tag, "value"));
        }
    }

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $"""(?:^|\s){name}=(?:"([^"]*)"|([^\s>]+))""").Groups.Values.Skip(1).FirstOrDefault(g => g.Success)?.Value ?? "");

    [GeneratedRegex("<form\\b([^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<(input|button|textarea|select)\\b([^>]*)>(?:(.*?)</\\1>)?", RegexOptions.Singleline)]
    private static partial Regex Controls();

    [GeneratedRegex("<option\\b[^>]*?value=\"([^\"]*)\"")]
    private static partial Regex Options();
}

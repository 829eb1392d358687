using System.Text.Json;
using System.Text.RegularExpressions;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What every answer has to be, whatever was sent: null, or what is wrong with it.</summary>
internal static partial class Verdict
{
    public static string? On(Person person, string path, Reply reply)
    {
        if (reply.Status >= 500)
        {
            return $"says {reply.Status}: {Start(reply.Body)}";
        }

        if (person.Foreign.FirstOrDefault(f => (reply.Body + reply.Headers).Contains(f, StringComparison.Ordinal)) is { } leaked
            && !path.StartsWith("/demo/outbox", StringComparison.Ordinal))
        {
            return $"shows {leaked}, which is somebody else's";
        }

        if (reply.Headers.Contains("yz9=1", StringComparison.Ordinal))
        {
            return "lets a header in";
        }

        if (reply.Location is { } to && (!to.StartsWith('/') || to.StartsWith("//", StringComparison.Ordinal)))
        {
            return $"leads away, to {to}";
        }

        if (reply.MediaType is "text/html" or "text/event-stream" && Tags().Matches(reply.Body).Select(t => t.Value).FirstOrDefault(Runs) is { } loose)
        {
            return $"holds script that runs: {loose}";
        }

        return !reply.NoSniff ? "does not forbid sniffing" : reply.Status < 400 ? null : Refusal(person, path, reply);
    }

    private static string? Refusal(Person person, string path, Reply reply)
    {
        var chinese = person.Language.StartsWith("zh", StringComparison.Ordinal);
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            if (reply.MediaType != "application/problem+json")
            {
                return $"refuses with {reply.Status} as {reply.MediaType}: {Start(reply.Body)}";
            }

            using var problem = JsonDocument.Parse(reply.Body);
            var title = problem.RootElement.GetProperty("title").GetString() ?? "";
            return problem.RootElement.GetProperty("status").GetInt32() != reply.Status ? "names another status in the problem"
                : !problem.RootElement.TryGetProperty("code", out _) ? "has no code in the problem"
                : title.Length < 5 || Han().IsMatch(title) != chinese ? $"says \"{title}\" to somebody who reads {person.Language}"
                : null;
        }

        return reply.MediaType != "text/html" ? $"refuses with {reply.Status} as {reply.MediaType}: {Start(reply.Body)}"
            : !reply.Body.Contains(chinese ? "<html lang=\"zh-CN\"" : "<html lang=\"en\"", StringComparison.Ordinal) ? $"refuses in another language than {person.Language}"
            : !Heading().IsMatch(reply.Body) ? "refuses without a heading"
            : null;
    }

    /// <summary>After a form was refused: it stands there again with what was typed in it.</summary>
    public static string? OnForm(Form sent, Field? wrong, string? typed, Reply reply)
    {
        // No browser sends a NUL; the reader of forms refuses the whole form for it.
        if (reply.Status is not (400 or 413 or 422) || reply.MediaType != "text/html" || typed?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return null;
        }

        if (Form.On(reply.Body).Where(f => Shared(f, sent) > 0).MaxBy(f => (Shared(f, sent), Same(f, sent))) is not { } again)
        {
            return sent.Fields.Any(f => f.IsTyped) ? $"refuses without the form: {Start(reply.Body[Math.Max(0, reply.Body.IndexOf("<h1", StringComparison.Ordinal))..])}" : null;
        }

        return wrong is not { IsTyped: true } || typed is null || wrong.Name is "code" or "recovery"
            || again.Fields.Any(f => f.Name == wrong.Name && Plain(f.Value) == Plain(typed))
            // Its form is gone, for what it asks has been decided: the words stand beside, to be copied.
            || (again.Action == sent.Action && Same(again, sent) < Same(sent, sent) && System.Net.WebUtility.HtmlDecode(reply.Body).Contains(Plain(typed), StringComparison.Ordinal))
            ? null
            : $"gives the form back without what was typed: \"{Start(again.Fields.FirstOrDefault(f => f.Name == wrong.Name)?.Value ?? "nothing")}\"";
    }

    /// <summary>Line ends and a NUL, which HTML cannot hold, may come back otherwise; blanks at the ends may go.</summary>
    public static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\0', '\uFFFD').Trim();

    private static int Shared(Form one, Form other) => one.Fields.Count(x => x.Name != Form.TokenName && other.Fields.Any(s => s.Name == x.Name));

    /// <summary>Two forms of one page may ask for the same about different things, which a hidden field tells apart.</summary>
    private static int Same(Form one, Form other) => one.Fields.Count(x => x.Name != Form.TokenName && other.Fields.Any(s => s.Name == x.Name && !s.IsTyped && s.Value == x.Value));

    private static string Start(string text) => text.Length > 200 ? text[..200] : text;

    /// <summary>Our pages hold no script but files and no attribute that runs one: what does was sent.</summary>
    private static bool Runs(string tag) =>
        tag is "<script>" || tag.StartsWith("<img src=x", StringComparison.Ordinal) || tag.StartsWith("<svg onload", StringComparison.Ordinal)
        || Leading().IsMatch(tag) || Named().IsMatch(Quoted().Replace(tag, "\"\""));

    [GeneratedRegex("""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>""")]
    private static partial Regex Tags();

    [GeneratedRegex(""""[^"]*"|'[^']*'"""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\son\w+\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex("""\s(href|src|action|formaction)\s*=\s*["']?\s*javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex("<h1[ >]")]
    private static partial Regex Heading();
}

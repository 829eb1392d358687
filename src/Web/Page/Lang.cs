using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Page;

/// <summary>
/// The reader's language. Pages keep both wordings side by side, <c>@T["中文", "English"]</c>, so that a translator reads them together.
/// </summary>
public sealed record Lang
{
    public const string Cookie = "lang";

    public static readonly Lang Zh = new("zh", "zh-CN");

    public static readonly Lang En = new("en", "en");

    private Lang(string code, string html)
    {
        Code = code;
        Html = html;
    }

    /// <summary>zh or en, as stored with a consultation.</summary>
    public string Code { get; }

    /// <summary>As in the <c>lang</c> attribute of a page.</summary>
    public string Html { get; }

    public bool IsEnglish => Code == "en";

    /// <summary>The language that the link at the top offers.</summary>
    public Lang Other => IsEnglish ? Zh : En;

    public string this[string zh, string en] => IsEnglish ? en : zh;

    public string this[Wording words] => words.In(Code);

    public string this[PolicyText words] => words.In(Code);

    public static Lang Named(string? code) => code == "en" ? En : Zh;

    /// <summary>An explicit choice (address, then cookie) wins, else what the browser asks for, else Chinese.</summary>
    public static Lang Of(HttpRequest request)
    {
        if (request.Query["lang"] is [("zh" or "en") and var asked])
        {
            return Named(asked);
        }

        if (request.Cookies[Cookie] is ("zh" or "en") and var chosen)
        {
            return Named(chosen);
        }

        var wanted = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.ToString().Split('-')[0].ToUpperInvariant())
            .FirstOrDefault(l => l is "ZH" or "EN");
        return wanted == "EN" ? En : Zh;
    }
}

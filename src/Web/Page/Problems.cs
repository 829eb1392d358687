using Microsoft.AspNetCore.Mvc;
using Yizhen.Rules;

namespace Yizhen.Web.Page;

/// <summary>The JSON face of a decision: the value, or a problem (RFC 9457) with words to show and a code to act on.</summary>
internal static class Problems
{
    public static IResult Json<T, TView>(this HttpContext http, Decision<T> decision, Func<T, TView> view) =>
        decision.Is(out var value, out var why) ? Results.Json(view(value)) : http.Problem(why);

    /// <param name="more">Members beside code and lang, for what a word alone does not tell.</param>
    public static IResult Problem(this HttpContext http, Refusal why, params (string Name, object Value)[] more)
    {
        if (RefusalWords.RetryAfter(why) is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        http.Response.Headers.CacheControl = "no-store";
        var problem = Describe(http, why, RefusalWords.Status(why));
        foreach (var (name, value) in more)
        {
            problem.Extensions[name] = value;
        }

        return Results.Problem(problem);
    }

    internal static ProblemDetails Describe(HttpContext http, Refusal why, int status)
    {
        var lang = Lang.Of(http.Request);
        var (zh, en) = RefusalWords.Words(why);
        return new ProblemDetails
        {
            Type = $"urn:yizhen:refusal:{RefusalWords.Code(why)}",
            Title = lang[zh, en],
            Status = status,
            Extensions = { ["code"] = RefusalWords.Code(why), ["lang"] = lang.Html },
        };
    }
}

using Yizhen.Rules;

namespace Yizhen.Web.Page;

internal static class Refusing
{
    /// <summary>A "no" in the shape that was asked for: a problem for the API, a page that says what to do next for people.</summary>
    public static IResult Refuse(this HttpContext http, Refusal why, Brand? brand = null)
    {
        if (http.Request.Path.StartsWithSegments("/api"))
        {
            return http.Problem(why);
        }

        if (RefusalWords.RetryAfter(why) is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return http.Refused(new RefusedModel(why, null, null), RefusalWords.Status(why), brand);
    }

    /// <summary>The page of a "no" in the words of whoever reads it: those who work have another one than patients.</summary>
    public static IResult Refused(this HttpContext http, RefusedModel refused, int status, Brand? brand = null) => http.Request.Path.StartsWithSegments(StaffRefusedPage.StaffPath)
        ? http.Page<StaffRefusedPage>(refused, status: status)
        : http.Page<RefusedPage>(refused, brand, status);

    /// <summary>The mistake of a field, in the reader's language.</summary>
    public static Mistake Mistake(this HttpContext http, string field, Refusal why)
    {
        var (zh, en) = RefusalWords.Words(why);
        return new Mistake(field, Lang.Of(http.Request)[zh, en]);
    }
}

using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// A campaign inside another's page or app. Whoever comes by <c>/embed/CODE</c> gets a cookie that names, under our own seal, which origins may frame the pages that follow:
/// so no page has to look it up, and danger signs stay answered from memory. Everybody else's pages are framed by nobody.
/// </summary>
internal sealed class Embeds(Entrances entrances, CampaignFront front, Vault vault)
{
    private const string Cookie = "yz-embed";
    private const string Why = "the same page that everybody may see, inside a page that its operator has named";
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/embed/{code}", (string code, Embeds embeds, HttpContext http, CancellationToken ct) => embeds.Show(http, code, ct)).Anonymous(Why);

    /// <summary>Before the page is made: whether this request stands in a frame.</summary>
    public static void Use(WebApplication app)
    {
        var vault = app.Services.GetRequiredService<Vault>();
        app.Use((http, next) =>
        {
            if (http.Request.Cookies[Cookie] is { Length: > 0 } shown && IsPatients(http) && Read(vault, shown) is { } origins)
            {
                Framed.In(http, origins);
            }

            return next(http);
        });
    }

    private async Task<IResult> Show(HttpContext http, string code, CancellationToken ct)
    {
        if (await entrances.Find(code, ct) is not { Kind: EntranceDraft.Embed, Closed: false } entrance)
        {
            return http.Refuse(Rules.Refusal.NotFound);
        }

        Framed.In(http, entrance.Origins);
        SecurityHeaders.Write(http.Response);
        http.Response.Cookies.Append(Cookie, Written(vault, entrance.Origins), SignIns.Cookie(http, Age));
        return await front.Show(http, entrance.Campaign, StatusCodes.Status200OK, ct);
    }

    private static bool IsPatients(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/staff") && !http.Request.Path.StartsWithSegments("/api") && !http.Request.Path.StartsWithSegments("/demo") && !http.Request.Path.StartsWithSegments("/h");

    private static string Written(Vault vault, string origins) => $"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(origins))}.{WebEncoders.Base64UrlEncode(vault.Digest(Cookie, origins))}";

    /// <summary>Null where it is not ours.</summary>
    private static string? Read(Vault vault, string shown)
    {
        try
        {
            return shown.Split('.') is [var origins, var seal] && Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(origins)) is var said
                && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(WebEncoders.Base64UrlDecode(seal), vault.Digest(Cookie, said)) ? said : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

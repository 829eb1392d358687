using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Overload;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// A campaign inside another's page or app. Whoever comes by <c>/embed/CODE</c> gets a cookie that names, under our own seal, the entrance and which origins might frame it then.
/// Which may frame the pages that follow is what stands of the entrance now, kept in memory: so danger signs stay answered without the database, and an origin that is
/// taken away is gone within seconds. What the cookie says counts only while this node has not learnt of the entrance. Everybody else's pages are framed by nobody.
/// </summary>
internal sealed class Embeds(Entrances entrances, CampaignShelf campaigns, CampaignFront front, Vault vault, TimeProvider clock)
{
    private const string Cookie = "yz-embed";
    private const string Why = "the same page that everybody may see, inside a page that its operator has named";
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/embed/{code}", (string code, Embeds embeds, HttpContext http, CancellationToken ct) => embeds.Show(http, code, ct)).Anonymous(Why);

    /// <summary>Before the page is made: whether this request stands in a frame.</summary>
    public static void Use(WebApplication app)
    {
        var (vault, known) = (app.Services.GetRequiredService<Vault>(), app.Services.GetRequiredService<Hotlines>());
        app.Use((http, next) =>
        {
            if (http.Request.Cookies[Cookie] is { Length: > 0 } shown && IsPatients(http) && Read(vault, shown) is { } way && (known.Entrance(way.Code)?.Origins ?? way.Origins) is { Length: > 0 } origins)
            {
                Framed.In(http, origins);
            }

            return next(http);
        });
    }

    /// <summary>A closed one still stands in its frame, and says where to go: nobody looks at a blank page.</summary>
    private async Task<IResult> Show(HttpContext http, string code, CancellationToken ct)
    {
        if (await entrances.Find(code, ct) is not { Kind: EntranceDraft.Embed } entrance || await campaigns.Find(entrance.Campaign, ct) is not { State: not CampaignState.Draft } campaign)
        {
            return http.Refuse(Rules.Refusal.NotFound);
        }

        Framed.In(http, entrance.Origins);
        SecurityHeaders.Write(http.Response);
        http.Response.Cookies.Append(Cookie, Written(vault, code, entrance.Origins), SignIns.Cookie(http, Age));
        return !entrance.Closed ? await front.Show(http, entrance.Campaign, StatusCodes.Status200OK, ct)
            : http.Page<EmbedClosedPage>(new EmbedClosedModel(campaign.Slug, campaigns.TakesAt(campaign, clock.GetUtcNow())), CampaignWords.Brand(campaign, Lang.Of(http.Request)), StatusCodes.Status410Gone);
    }

    private static bool IsPatients(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/staff") && !http.Request.Path.StartsWithSegments("/api") && !http.Request.Path.StartsWithSegments("/demo") && !http.Request.Path.StartsWithSegments("/h");

    private static string Written(Vault vault, string code, string origins) =>
        $"{code}.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(origins))}.{WebEncoders.Base64UrlEncode(vault.Digest(Cookie, $"{code} {origins}"))}";

    /// <summary>Null where it is not ours.</summary>
    private static (string Code, string Origins)? Read(Vault vault, string shown)
    {
        try
        {
            return shown.Split('.') is [var code, var origins, var seal] && Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(origins)) is var said
                && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(WebEncoders.Base64UrlDecode(seal), vault.Digest(Cookie, $"{code} {said}")) ? (code, said) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <param name="Takes">Whether the campaign itself takes somebody new now.</param>
public sealed record EmbedClosedModel(string Slug, bool Takes);

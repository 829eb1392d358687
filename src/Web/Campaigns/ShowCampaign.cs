using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>The campaign's page: who runs it, for whom, how long the wait is now, what to do in an emergency; and Start.</summary>
internal sealed class ShowCampaign(IDbContextFactory<Database> databases, CampaignShelf shelf, Waits waits, Duties duties, ProtocolShelf protocols, Deployment deployment)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", async (CampaignShelf shelf, HttpContext http, CancellationToken ct) =>
                (await shelf.All(ct)).FirstOrDefault(c => c.State == CampaignState.Open) is { } open ? new SeeOther($"/c/{open.Slug}") : http.Refuse(Refusal.CampaignNotOpen))
            .Allow(Resource.Public, Act.Read);

        app.MapGet("/c/{slug}", (string slug, ShowCampaign show, HttpContext http, TimeProvider clock, CancellationToken ct) => show.Page(http, slug, clock.GetUtcNow(), ct))
            .Allow(Resource.Public, Act.Read);

        app.MapPost("/c/{slug}/start", async (string slug, StartConsultation start, CampaignShelf shelf, HttpContext http, TimeProvider clock) =>
            {
                var form = await SentForm.ReadAsync(http);
                if (!form.Trusted)
                {
                    return new SeeOther($"/c/{slug}");
                }

                var started = await start.At(slug, form["entrance"], http.Subject(), Lang.Of(http.Request).Code, clock.GetUtcNow());
                if (!started.Is(out var at, out var why))
                {
                    return http.Refuse(why);
                }

                if (at.Token is { } token)
                {
                    http.Response.Cookies.Append(SignIns.DeviceCookie, token, SignIns.Cookie(http, ReturnByCode.CookieAge));
                }

                return new SeeOther($"/q/{at.Consultation}/consent");
            })
            .Allow(Resource.Door, Act.Create);
    }

    /// <summary>Name, address and hotline of a campaign, and the pinned day where there is one.</summary>
    public static Brand BrandOf(Campaign campaign, Lang t) => new(
        t[campaign.Name.Zh, campaign.Name.En],
        $"/c/{campaign.Slug}",
        campaign.Hotline,
        campaign.Hours.From == campaign.Hours.To ? t["全天", "day and night"] : campaign.Hours.ToString(),
        campaign.RulesDate is { } day ? t[$"按 {day:yyyy-MM-dd} 的规程演示", $"Judged by the protocols of {day:yyyy-MM-dd}"] : null);

    private async Task<IResult> Page(HttpContext http, string slug, DateTimeOffset now, CancellationToken ct)
    {
        if (await shelf.Find(slug, ct) is not { } campaign)
        {
            return http.Refuse(Refusal.NotFound);
        }

        var t = Lang.Of(http.Request);
        var range = await waits.LastHour(campaign.Slug, now, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var waiting = Bucket.Waiting.Code();
        var ahead = await database.Set<Head>().CountAsync(h => h.Bucket == waiting && h.Campaign == slug, ct);
        var onDuty = (await duties.All(ct)).Count(d => d.State == "on");
        var danger = protocols.Judge(System.Collections.Immutable.ImmutableDictionary<string, string>.Empty, campaign.RulesDateOn(now, deployment.Zone), null).CallNow;
        var model = new CampaignModel(
            t[campaign.Purpose.Zh, campaign.Purpose.En],
            t["免费的健康咨询。说说哪里不舒服，系统先看轻重，急的先接，再由医生回复您。", "Free health advice. Say what is wrong: the system first looks at how urgent it is, the urgent come first, and a doctor answers you."],
            $"/c/{slug}/start",
            campaign.State == CampaignState.Open,
            campaign.State == CampaignState.Open ? null : t["这个义诊已经结束。已经排队的人照样看完。不舒服请打专线或去就近的医院。", "This campaign has ended. Whoever is waiting is still seen. If you are unwell, call the hotline or go to a hospital nearby."],
            range?.FromMinutes,
            range?.ToMinutes,
            ahead,
            onDuty,
            now,
            [.. danger.Select(d => t[d])],
            t[campaign.Owner.Zh, campaign.Owner.En],
            t[campaign.Covers.Zh, campaign.Covers.En],
            campaign.Hours.From == campaign.Hours.To ? t["每天全天", "Every day, day and night"] : t[$"每天 {campaign.Hours}", $"Every day {campaign.Hours}"]);
        return http.Page<CampaignPage>(model, BrandOf(campaign, t));
    }
}

/// <summary>The wait as it was measured: from arrival to the first clinician, over the last hour.</summary>
internal sealed record WaitMeasured(int FromMinutes, int ToMinutes);

/// <summary>Truth about the wait: the 20th to the 80th percentile of measured waits, rounded up to five minutes, or nothing while too few were measured.</summary>
internal sealed class Waits(IDbContextFactory<Database> databases, LightConsultation policy)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private const int Step = 5;

    /// <returns>Null below the smallest count that may be shown (policy: eleven).</returns>
    public async Task<WaitMeasured?> LastHour(string campaign, DateTimeOffset now, CancellationToken ct)
    {
        var since = (now - Window).Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var waits = await database.Set<Head>().AsNoTracking()
            .Where(h => h.Campaign == campaign && h.FirstAssignedAt > since && h.ArrivedAt != null)
            .Select(h => h.FirstAssignedAt!.Value - h.ArrivedAt!.Value)
            .ToListAsync(ct);
        if (waits.Count < policy.SmallestShownCount)
        {
            return null;
        }

        waits.Sort();
        return new WaitMeasured(Minutes(waits[waits.Count / 5]), Minutes(waits[waits.Count * 4 / 5]));
    }

    private static int Minutes(long ms) => Math.Max(Step, (int)Math.Ceiling(TimeSpan.FromMilliseconds(ms).TotalMinutes / Step) * Step);
}

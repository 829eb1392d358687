using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// What a partner's program may do with its key: start consultations through its own entrance, ask how far they are, read its entrance's figures. Never a word that
/// a person wrote, and nothing about health: states are coarse on purpose. docs/partners.md tells it to partners.
/// </summary>
internal sealed class CallByPartner(StartConsultation start, Doorstep door, Entrances entrances, IDbContextFactory<Database> databases, ConsentText consent, Deployment deployment, TimeProvider clock)
{
    private const string Api = "/api/v1/partner";
    private const int Minute = 60;

    /// <summary>Calls of each key in the running minute, on this node.</summary>
    private readonly ConcurrentDictionary<Guid, (long Minute, int Calls)> calls = new();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Api, (CallByPartner by, HttpContext http, CancellationToken ct) => by.Limited(http, null, (key, _) => Task.FromResult(Results.Json(new PartnerSelf(key.Campaign, key.Entrance, [.. key.Scopes.Split(' ')], key.PerMinute, key.PerDay))), ct)).Allow(Resource.Partner, Act.Read);
        app.MapPost($"{Api}/consultations", (StartBody? body, CallByPartner by, HttpContext http, CancellationToken ct) => by.Limited(http, PartnerDraft.Start, (key, _) => by.Start(http, key, body), ct)).Allow(Resource.Partner, Act.Create);
        app.MapGet($"{Api}/consultations/{{id}}", (string id, CallByPartner by, HttpContext http, CancellationToken ct) => by.Limited(http, PartnerDraft.State, (key, stop) => by.State(http, key, id, stop), ct)).Allow(Resource.Partner, Act.Read);
        app.MapGet($"{Api}/figures", (CallByPartner by, HttpContext http, CancellationToken ct) => by.Limited(http, PartnerDraft.Figures, by.Figures, ct)).Allow(Resource.Partner, Act.Read);
    }

    /// <summary>What a head says to the outside.</summary>
    public static string StateOf(string bucket) => Enum.GetValues<Bucket>().FirstOrDefault(b => b.Code() == bucket) switch
    {
        Bucket.BeingAsked => "asking",
        Bucket.Waiting or Bucket.OnHold or Bucket.Promised => "waiting",
        Bucket.InConsultation => "in_consultation",
        _ => "ended",
    };

    private async Task<IResult> Limited(HttpContext http, string? scope, Func<PartnerKeyRow, CancellationToken, Task<IResult>> then, CancellationToken ct)
    {
        var id = http.Subject().Account;
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<PartnerKeyRow>().AsNoTracking().FirstOrDefaultAsync(k => k.Id == id && k.RevokedAt == null, ct) is not { } key)
        {
            return http.Problem(Refusal.NotSignedIn);
        }

        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        var used = calls.AddOrUpdate(id, _ => (seconds / Minute, 1), (_, before) => before.Minute == seconds / Minute ? (before.Minute, before.Calls + 1) : (seconds / Minute, 1)).Calls;
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = key.PerMinute.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = Math.Max(0, key.PerMinute - used).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = (Minute - (seconds % Minute)).ToString(CultureInfo.InvariantCulture);
        if (used > key.PerMinute)
        {
            var no = http.Problem(Refusal.TooManyAttempts);
            headers.RetryAfter = headers["RateLimit-Reset"];
            return no;
        }

        return scope is not null && !key.Scopes.Split(' ').Contains(scope) ? http.Problem(Refusal.OutsideScope) : await then(key, ct);
    }

    private async Task<IResult> Start(HttpContext http, PartnerKeyRow key, StartBody? body)
    {
        var now = clock.GetUtcNow();
        // Whoever is urgent passes the day's number too: the entrance's figures show how many said so. A closed entrance takes nobody else: by the campaign's own link they would be beyond the key's sight and number.
        if (body?.Urgent != true && await entrances.Find(key.Entrance, CancellationToken.None) is not { Closed: false })
        {
            await door.TurnBack(key.Campaign, key.Entrance, Guid.Empty, LetIn.Elsewhere, now);
            return http.Problem(Refusal.EntranceFull, ("elsewhere", $"/c/{key.Campaign}/elsewhere"));
        }

        var started = await start.At(key.Campaign, new StartAsk(key.Entrance, body?.Code, body?.Urgent ?? false) { Day = key.PerDay is { } most ? new DayLimit(most, Today(now)) : null }, Subject.Nobody, Lang.Of(http.Request).Code, now);
        return started.Is(out var at, out var why)
            ? Results.Json(new StartedView(at.Consultation.ToString(), at.Token, consent.Stamp, at.ComesAt), statusCode: at.ComesAt is null ? StatusCodes.Status201Created : StatusCodes.Status202Accepted)
            : http.Problem(why, ("elsewhere", $"/c/{key.Campaign}/elsewhere"));
    }

    private long Today(DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(now, deployment.Zone).Date;
        return new DateTimeOffset(day, deployment.Zone.GetUtcOffset(day)).Ms();
    }

    private async Task<IResult> State(HttpContext http, PartnerKeyRow key, string id, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return http.Problem(Refusal.NotFound);
        }

        var one = consultation.Value;
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<Head>().AsNoTracking().FirstOrDefaultAsync(h => h.Id == one && h.Campaign == key.Campaign && h.Entrance == key.Entrance, ct) is { } head)
        {
            return Results.Json(new PartnerState(id, StateOf(head.Bucket), head.Version, head.ChangedAt.Utc()));
        }

        return await database.Set<DoorRow>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == one && d.Campaign == key.Campaign && d.Entrance == key.Entrance, ct) is { } door
            ? Results.Json(new PartnerState(id, door.TurnedBack is null ? "door" : door.ComesAt is null ? "turned_back" : "promised_an_hour", 0, door.LastStepAt.Utc()))
            : http.Problem(Refusal.NotFound);
    }

    private async Task<IResult> Figures(PartnerKeyRow key, CancellationToken ct) =>
        Results.Json((await entrances.Figures(key.Campaign, clock.GetUtcNow(), ct)).Single(f => f.Code == key.Entrance));
}

internal sealed record PartnerSelf(string Campaign, string Entrance, ImmutableArray<string> Scopes, int PerMinute, int? PerDay);

/// <param name="State">door, turned_back, promised_an_hour, asking, waiting, in_consultation or ended.</param>
/// <param name="Version">Grows with each change; 0 before the consent.</param>
internal sealed record PartnerState(string Consultation, string State, long Version, DateTimeOffset ChangedAt);

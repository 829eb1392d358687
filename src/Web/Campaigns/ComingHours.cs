using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>The hours to come for the board and for what people are told: who is expected, who is on duty or on the roster. Made again after half a minute.</summary>
internal sealed class ComingHours(
    IDbContextFactory<Database> databases, Duties duties, StaffRoster roster, StaffOnDuty onDuty, Surges surges, Aids aids, DispatchRules dispatch, PlanRules rules, Deployment deployment, TimeProvider clock) : IDisposable
{
    private const int Second = 1000;
    private const int Hour = 3600;
    private const int Minute = 60;
    private const int ProvinceDigits = 2;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private Known? known;

    public void Dispose() => turn.Dispose();

    public async Task<ComingPicture> Look(CancellationToken ct) => (await Read(ct)).Picture;

    /// <summary>
    /// Seats of those who serve a need over a channel, with what other organisations lend these people, each share that a lender keeps taken off. Whoever is
    /// on duty without a shift is taken to stay: nothing is known of their end.
    /// </summary>
    public async Task<Func<PeopleAlike, Capacity?>> Seats(CancellationToken ct)
    {
        var read = await Read(ct);
        var made = new Dictionary<PeopleAlike, Capacity>();
        return who => !read.Picture.HasRoster ? null : made.TryGetValue(who, out var seats) ? seats : made[who] = Capacity.Of(read.Open.Select(p => Hundredths(p, who)), like => like.Skills.Contains(who.Need) && like.Channels.Contains(who.Channel), read.At.Ms());
    }

    /// <summary>When by the roster of the next 24 hours somebody comes who may take people like these; null where nobody does.</summary>
    public async Task<DateTimeOffset?> Next(PeopleAlike who, CancellationToken ct) => Ahead.Next(who, (await Read(ct)).Day, clock.GetUtcNow().Ms())?.Utc();

    /// <summary>The share that is not lent, of seats in hundredths: only how they change counts.</summary>
    private static Presence Hundredths(Presence there, PeopleAlike who)
    {
        var (like, share) = (there.Like, AidTerms.Whole);
        if (like.Aid is { } aid && like.Organisation != who.Organisation)
        {
            share = aid.Rules.Any(r => r.Covers(who.Campaign, who.Need, who.Area)) ? AidTerms.Whole - aid.Keep : 0;
        }

        return there with { Like = like with { Seats = like.Seats * share } };
    }

    private async Task<Known> Read(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            return known is { } read && now >= read.At && now - read.At < Fresh ? read : known = await Make(now, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Known> Make(DateTimeOffset now, CancellationToken ct)
    {
        var local = TimeZoneInfo.ConvertTime(now, deployment.Zone);
        var past = (local.Minute * Minute) + local.Second;
        var on = await duties.All(ct);
        var levels = await surges.Levels(ct);
        var staff = await roster.Of(on.Select(d => d.Clinician), ct);
        var here = on.Where(d => staff.ContainsKey(d.Clinician) && d.Takes(dispatch, now))
            .Select(d => (Who: onDuty.Able(d, staff[d.Clinician], levels, called: false), Row: d)).Where(d => d.Who is not null).Select(d => (d.Who ?? throw new InvalidOperationException(), staff[d.Row.Clinician].Organisation, d.Row.Since)).ToList();
        var (day, until) = (await onDuty.ToCome(on.Select(d => d.Since).DefaultIfEmpty(now.Ms()).Min(), now.AddDays(1).Ms(), levels, ct), now.AddHours(rules.AheadHours).Ms());
        var planned = day.Where(p => p.From < until).ToList();
        var aid = await aids.Day(now, ct);
        ImmutableArray<Presence> there = [.. Roster.Ahead(here, planned, rules.Roster, dispatch.Slowdown, now.Ms()).SelectMany(p => aid.Over(p, now.Ms()))];
        var people = await People(now, ct);
        var late = planned.Where(p => p.Clinician is { } named && p.To > now.Ms() && now.Ms() - p.From > rules.Roster.LateMs && here.TrueForAll(h => h.Item1.Clinician != named)).Sum(p => p.People);
        return new Known(now, new ComingPicture(
                now, planned.Any(p => p.To > now.Ms()), late,
                [.. Ahead.Hours(people, there, rules, local.Hour, now.Ms(), past, rules.AheadHours).Select(h => new ComingHour(h.From.Utc(), h.To.Utc(), Math.Round(h.Expected, 1), Math.Round(h.Clinicians, 1), Math.Round(h.Seats, 1), Math.Round(h.CanTake, 1)))],
                [.. Ahead.Holes(people, there, rules, local.Hour, now.Ms(), past, rules.AheadHours).Select(h => new ComingHole(h.Need, h.Lang, h.Area, h.Channel, h.MostUrgent, h.Waiting, Math.Round(h.Expected, 1), h.From.Utc(), h.To.Utc(), h.Lacks))]),
            [.. Roster.Ahead(here, planned, rules.Roster with { StayMs = (long)TimeSpan.FromDays(1).TotalMilliseconds }, dispatch.Slowdown, now.Ms()).SelectMany(p => aid.Over(p, now.Ms()))],
            [.. Roster.Ahead(here, day, rules.Roster, dispatch.Slowdown, now.Ms()).SelectMany(p => aid.Over(p, now.Ms()))]);
    }

    private async Task<List<PeopleAlike>> People(DateTimeOffset now, CancellationToken ct)
    {
        var (since, waits) = (now.Ms() - ((long)rules.LookBackHours * Hour * Second), Bucket.Waiting.Code());
        await using var database = await databases.CreateDbContextAsync(ct);
        var counted = await database.Set<Head>().AsNoTracking().Where(h => h.QueuedAt != null && (h.ArrivedAt > since || h.Bucket == waits))
            .GroupBy(h => new { h.Need, h.Lang, h.Region, h.Channel, h.Urgency, h.Organisation, h.Campaign })
            .Select(g => new { g.Key, Lately = g.Count(h => h.ArrivedAt > since), WaitNow = g.Count(h => h.Bucket == waits) }).ToListAsync(ct);
        return [.. counted.GroupBy(c => (c.Key.Need, c.Key.Lang, Area: c.Key.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null, c.Key.Channel, Urgency: (Urgency)(c.Key.Urgency ?? (int)Urgency.Routine), c.Key.Organisation, c.Key.Campaign))
            .Select(g => new PeopleAlike(g.Key.Need, g.Key.Lang, g.Key.Area, g.Key.Channel, g.Key.Urgency, g.Sum(c => c.Lately), g.Sum(c => c.WaitNow), g.Key.Organisation, g.Key.Campaign))
            .OrderBy(p => p.Urgency).ThenBy(p => $"{p.Need}|{p.Lang}|{p.Area}|{p.Channel}|{p.Campaign}", StringComparer.Ordinal)];
    }

    /// <param name="Open">Whoever is on duty without a shift is taken to stay.</param>
    /// <param name="Day">The same of 24 hours, further than the board looks: at night the next shift is the morning's.</param>
    private sealed record Known(DateTimeOffset At, ComingPicture Picture, ImmutableArray<Presence> Open, ImmutableArray<Presence> Day);
}

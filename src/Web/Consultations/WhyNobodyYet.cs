using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>Why a person waits at this moment, and who stands before them, from who is on duty and from heads. Read from time to time, because everybody who waits looks at it.</summary>
internal sealed class WhyNobodyYet(IDbContextFactory<Database> databases, StaffOnDuty staff, Surges surges, SurgeRules surge, DispatchRules rules) : IDisposable
{
    private const int ProvinceDigits = 2;

    /// <summary>Where fewer wait, one more or less matters: then a place is told as of the moment.</summary>
    private const int Many = 50;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // Two, and the first never waits for the second: a reading of the line takes long with thousands in it.
    private readonly SemaphoreSlim asksStaff = new(1, 1);
    private readonly SemaphoreSlim readsLine = new(1, 1);
    private (DateTimeOffset At, IReadOnlyList<OnDuty> Staff)? known;
    private volatile Seen? line;

    public void Dispose()
    {
        asksStaff.Dispose();
        readsLine.Dispose();
    }

    public async Task<WaitReason> Of(Consultation c, DateTimeOffset now, CancellationToken ct) => WaitReasons.Of(Who(c, now), await Staff(now, ct));

    /// <summary>How many stand before this person, and as of when.</summary>
    public async Task<(StandBefore Before, DateTimeOffset At)> Before(Consultation c, DateTimeOffset now, CancellationToken ct)
    {
        var seen = line;
        if (seen is null || IsDue(seen, now))
        {
            // With thousands in the line a reading takes long: whoever looks meanwhile is told by the one before.
            if (await readsLine.WaitAsync(seen is { Places.People: >= Many } ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, ct))
            {
                try
                {
                    if (line is not { } fresh || IsDue(fresh, now))
                    {
                        var began = Stopwatch.GetTimestamp();
                        var places = new PlacesInLine(await Waiting(now, ct), await Staff(now, ct), rules, now.Ms());
                        line = new Seen(now, places, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    }
                }
                finally
                {
                    readsLine.Release();
                }
            }
        }

        seen = line ?? throw new InvalidOperationException("It was read.");
        lock (seen.Places)
        {
            return (seen.Places.Of(Who(c, now)), seen.At);
        }
    }

    /// <summary>The longer it takes, the more seldom: with thousands in the line never more than a share of the time.</summary>
    private bool IsDue(Seen seen, DateTimeOffset now) =>
        seen.Places.People < Many || rules.Reading.IsDue(Math.Abs((now - seen.At).TotalMilliseconds), seen.TookMs);

    private Waiting Who(Consultation c, DateTimeOffset now)
    {
        var province = c.Place?.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null;
        return Promises.Since(new Waiting(c.Id.Value, c.Urgency ?? Urgency.Routine, (c.ArrivedAt ?? now).Ms(), 0, Need(c), c.Opening?.Lang ?? "", province, c.Opening?.Channel ?? "", c.OwnClinician, Organisation: c.Opening?.Organisation ?? Guid.Empty, Campaign: c.Opening?.Campaign ?? ""), c.WaitsFrom?.Ms(), rules, now.Ms());
    }

    private static string Need(Consultation c) => c.DoctorCalled ? SettingUrgency.Physician : c.Need;

    /// <summary>What everybody in the pool waits for, and nothing else: with thousands in the line the rest of their heads costs most of it.</summary>
    private async Task<List<Waiting>> Waiting(DateTimeOffset now, CancellationToken ct)
    {
        var waits = Bucket.Waiting.Code();
        await using var database = await databases.CreateDbContextAsync(ct);
        var all = database.Set<Head>().AsNoTracking();
        return [.. (await Read(all.Where(h => h.Bucket == waits))).Select(h => Promises.Since(h.Who, h.From, rules, now.Ms())), .. (await Read(DuePromises.Of(all, surge.Promise, now))).Select(h => Promises.InPool(h.Who, h.By, rules))];

        async Task<IEnumerable<(Waiting Who, long By, long? From)>> Read(IQueryable<Head> some) =>
            (await some.Select(h => new { h.Id, h.Urgency, At = h.ArrivedAt ?? h.OpenedAt, h.Need, h.Lang, h.Region, h.Channel, h.Organisation, h.Campaign, h.WaitsFrom, By = h.PromisedBy ?? 0 }).ToListAsync(ct)).Select(h => (new Waiting(
                h.Id, (Urgency)(h.Urgency ?? (int)Urgency.Routine), h.At, 0, h.Need, h.Lang, h.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null, h.Channel, null, Organisation: h.Organisation, Campaign: h.Campaign), h.By, h.WaitsFrom));
    }

    private async Task<IReadOnlyList<OnDuty>> Staff(DateTimeOffset now, CancellationToken ct)
    {
        await asksStaff.WaitAsync(ct);
        try
        {
            if (known is not { } read || now < read.At || now - read.At >= Fresh)
            {
                known = read = (now, await staff.Now(now, await surges.Levels(ct), called: true, ct));
            }

            return read.Staff;
        }
        finally
        {
            asksStaff.Release();
        }
    }

    private sealed record Seen(DateTimeOffset At, PlacesInLine Places, double TookMs);
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>Whom a notice would reach now, from heads and headers alone.</summary>
/// <param name="ByMessage">Of all, with a verified number.</param>
/// <param name="Urgent">Of all, at an urgency at which the worklist has them too.</param>
public sealed record NoticeCount(int All, int Waiting, int Advised, int ByMessage, int Urgent);

/// <summary>
/// Finds whom a notice is for, and sends it: one transaction holds the notice and everybody it is for, and from its commit on a loop tells them, whatever
/// restarts (<see cref="TellNotices"/>).
/// </summary>
internal sealed class SendNotice(IDbContextFactory<Database> databases, Advised advised, CampaignDesk campaigns, Deployment deployment, RecheckPolicy policy, TimeProvider clock)
{
    private static readonly List<string> Places = [.. new[] { Bucket.Waiting, Bucket.OnHold, Bucket.Promised, Bucket.InConsultation }.Select(b => b.Code())];
    private static readonly List<string> Through = [.. new[] { Bucket.SelfCare, Bucket.ToldToGo, Bucket.Served, Bucket.Referred, Bucket.Left }.Select(b => b.Code())];

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), deployment.Zone).DateTime);

    /// <summary>Writes nothing.</summary>
    public async Task<Decision<NoticeCount>> Count(Subject who, Notice notice, CancellationToken ct)
    {
        if (!(await Checked(who, notice, ct)).Is(out var whole, out var why))
        {
            return why;
        }

        var found = await Find(who, whole.Whom, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var reachable = (await (from p in database.Set<PatientRow>().AsNoTracking() join a in database.Set<AccountRow>().AsNoTracking() on p.Account equals a.Id where a.PhoneSealed != null select p.Id).ToListAsync(ct)).ToHashSet();
        var waiting = found.Count(f => Places.Contains(f.Bucket));
        return new NoticeCount(found.Count, waiting, found.Count - waiting, found.Count(f => f.Patient is { } patient && reachable.Contains(patient)), found.Count(f => f.Urgency <= (int)policy.Waiting.HighRiskFrom));
    }

    /// <summary>Sends it to whom it concerns now; there is nobody half: it is on disk for everybody, or for none.</summary>
    /// <param name="id">Of what was looked at. Sent again with the same words, it is the same notice; with others it is a conflict.</param>
    /// <param name="counted">What was seen then.</param>
    public async Task<Decision<NoticeRow>> Send(Subject who, Guid id, int counted, Notice notice)
    {
        if (!(await Checked(who, notice, CancellationToken.None)).Is(out var whole, out var why))
        {
            return why;
        }

        if (await Sent(who, id) is { } before)
        {
            return Same(before, whole) ? before : Refusal.Conflict;
        }

        var (found, now) = (await Find(who, whole.Whom, CancellationToken.None), clock.GetUtcNow());
        if (found.Count == 0)
        {
            return Refusal.NoticeToNobody;
        }

        var row = new NoticeRow
        {
            Id = id, Organisation = who.Organisation, At = now.Ms(), Actor = who.Actor, Name = who.Name, TextZh = whole.Text.Zh, TextEn = whole.Text.En, Why = whole.Why, Campaign = whole.Whom.Campaign,
            Waiting = whole.Whom.Waiting, AdvisedSince = Day(whole.Whom.AdvisedSince), Dispositions = string.Join(',', whole.Whom.Dispositions), Counted = counted, Chosen = found.Count,
        };
        await using var database = await databases.CreateDbContextAsync();
        database.Add(row);
        database.AddRange(found.Select(f => new NoticeToRow { Notice = id, Consultation = f.Id, Urgency = f.Urgency ?? (int)Urgency.Routine, State = NoticeToRow.Due, ChangedAt = now.Ms() }));
        try
        {
            await database.SaveChangesAsync();
            return row;
        }
        catch (DbUpdateException)
        {
            // Pressed twice at once: whoever was first has sent it.
            if (await Sent(who, id) is { } first)
            {
                return Same(first, whole) ? first : Refusal.Conflict;
            }

            throw;
        }
    }

    /// <summary>Whom it has not reached by now it does not reach. What stands on a page stays there: it was said.</summary>
    public async Task<Decision<NoticeRow>> Stop(Subject who, Guid id)
    {
        if (await Sent(who, id) is null)
        {
            return Refusal.NotFound;
        }

        await using var database = await databases.CreateDbContextAsync();
        await using var together = await database.Database.BeginTransactionAsync();
        await database.Set<NoticeRow>().Where(n => n.Id == id && n.StoppedAt == null).ExecuteUpdateAsync(set => set.SetProperty(n => n.StoppedAt, clock.GetUtcNow().Ms()).SetProperty(n => n.StoppedBy, who.Actor));
        await database.Set<NoticeToRow>().Where(t => t.Notice == id && (t.State == NoticeToRow.Due || t.State == NoticeToRow.Told))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.State, NoticeToRow.Stopped).SetProperty(t => t.ChangedAt, clock.GetUtcNow().Ms()));
        await together.CommitAsync();
        return await Sent(who, id) is { } stopped ? stopped : Refusal.NotFound;
    }

    private async Task<NoticeRow?> Sent(Subject who, Guid id)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<NoticeRow>().AsNoTracking().FirstOrDefaultAsync(n => n.Id == id && n.Organisation == who.Organisation);
    }

    private async Task<Decision<Notice>> Checked(Subject who, Notice notice, CancellationToken ct) =>
        notice.Whom.Campaign is { } slug && await campaigns.Find(who, slug, ct) is null ? Refusal.NotFound : notice.Check(Today);

    private async Task<IReadOnlyList<Head>> Find(Subject who, NoticeWhom whom, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Notice, Act.Create)).Where(h => whom.Campaign == null || h.Campaign == whom.Campaign);
        var found = whom.Waiting ? await heads.Where(h => Places.Contains(h.Bucket)).ToListAsync(ct) : [];
        if (whom.AdvisedSince is { } day)
        {
            var since = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), deployment.Zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue)));
            var said = await advised.AllAsync(ct);
            found.AddRange((await heads.Where(h => Through.Contains(h.Bucket) && h.Patient != null).ToListAsync(ct)).Where(h => said.TryGetValue(h.Id, out var last) && last.At >= since && whom.MeansAdvised(last.Said)));
        }

        return found;
    }

    private static bool Same(NoticeRow row, Notice notice) =>
        (row.TextZh, row.TextEn, row.Campaign, row.Waiting, row.AdvisedSince, row.Dispositions) ==
        (notice.Text.Zh, notice.Text.En, notice.Whom.Campaign, notice.Whom.Waiting, Day(notice.Whom.AdvisedSince), string.Join(',', notice.Whom.Dispositions));

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

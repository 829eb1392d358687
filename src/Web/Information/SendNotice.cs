using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
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
/// Counts whom a notice is for, and sends it: from the commit of its one row on a loop writes down for whom, in steps (<see cref="ChooseNotice"/>), and tells
/// them (<see cref="TellNotices"/>), whatever restarts.
/// </summary>
internal sealed class SendNotice(IDbContextFactory<Database> databases, ChooseNotice choose, CampaignDesk campaigns, Deployment deployment, RecheckPolicy policy, TimeProvider clock)
{
    /// <summary>People asked for in one query.</summary>
    private const int AtOnce = 500;

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), deployment.Zone).DateTime);

    /// <summary>Writes nothing.</summary>
    public async Task<Decision<NoticeCount>> Count(Subject who, Notice notice, CancellationToken ct)
    {
        if (!(await Checked(who, notice, ct)).Is(out var whole, out var why))
        {
            return why;
        }

        var (all, waiting, reachable, urgent) = (0, 0, 0, 0);
        await using var database = await databases.CreateDbContextAsync(ct);
        await foreach (var step in choose.All(Policy.Filter(who, Resource.Notice, Act.Create), whole.Whom, clock.GetUtcNow(), ct))
        {
            all += step.Found.Count;
            waiting += step.Found.Count(f => f.HasPlace);
            urgent += step.Found.Count(f => f.Head.Urgency <= (int)policy.Waiting.HighRiskFrom);
            foreach (var some in step.Found.Select(f => f.Head.Patient).OfType<Guid>().Chunk(AtOnce))
            {
                List<Guid> ids = [.. some];
                var known = await (from p in database.Set<PatientRow>().AsNoTracking() join a in database.Set<AccountRow>().AsNoTracking() on p.Account equals a.Id where a.PhoneSealed != null && ids.Contains(p.Id) select p.Id).ToListAsync(ct);
                reachable += some.Count(known.ToHashSet().Contains);
            }
        }

        return new NoticeCount(all, waiting, all - waiting, reachable, urgent);
    }

    /// <summary>Sends it to whom it concerns at this moment; who that is follows from the log, however long it takes to write it down.</summary>
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

        var now = clock.GetUtcNow();
        if (!await choose.All(Policy.Filter(who, Resource.Notice, Act.Create), whole.Whom, now, CancellationToken.None).AnyAsync(step => step.Found.Count > 0))
        {
            return Refusal.NoticeToNobody;
        }

        var row = new NoticeRow
        {
            Id = id, Organisation = who.Organisation, At = now.Ms(), Actor = who.Actor, Name = who.Name, TextZh = whole.Text.Zh, TextEn = whole.Text.En, Why = whole.Why, Campaign = whole.Whom.Campaign,
            Waiting = whole.Whom.Waiting, AdvisedSince = Day(whole.Whom.AdvisedSince), Dispositions = string.Join(',', whole.Whom.Dispositions), Counted = counted, Chosen = 0,
        };
        await using var database = await databases.CreateDbContextAsync();
        database.Add(row);
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

            database.ChangeTracker.Clear();
            if (await database.Set<NoticeRow>().AnyAsync(n => n.Id == id))
            {
                // Another organisation's number: made up, or taken from where it should not be.
                return Refusal.Conflict;
            }

            throw;
        }
    }

    /// <summary>What each fact of a notice is stored under: over once it is stopped.</summary>
    public static Term Goes(Guid notice) => new($"notice:{notice:N}", 1);

    /// <summary>Before its first fact. Twice is once, and a stop stays one.</summary>
    public static Task Begin(Database database, Guid notice) =>
        database.Database.ExecuteSqlAsync($"insert into pool (name, epoch) values ({Goes(notice).Pool}, {Goes(notice).Epoch}) on conflict (name) do nothing");

    /// <summary>Whom it has not reached by now it does not reach. What stands on a page stays there: it was said.</summary>
    public async Task<Decision<NoticeRow>> Stop(Subject who, Guid id)
    {
        if (await Sent(who, id) is null)
        {
            return Refusal.NotFound;
        }

        await using var database = await databases.CreateDbContextAsync();
        using var turn = await deployment.Engine.WriterAsync(CancellationToken.None);
        await using var together = await database.Database.BeginTransactionAsync();
        await database.Database.ExecuteSqlAsync($"insert into pool (name, epoch) values ({Goes(id).Pool}, {Goes(id).Epoch + 1}) on conflict (name) do update set epoch = excluded.epoch");
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

    private static bool Same(NoticeRow row, Notice notice) =>
        (row.TextZh, row.TextEn, row.Campaign, row.Waiting, row.AdvisedSince, row.Dispositions) ==
        (notice.Text.Zh, notice.Text.En, notice.Whom.Campaign, notice.Whom.Waiting, Day(notice.Whom.AdvisedSince), string.Join(',', notice.Whom.Dispositions));

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

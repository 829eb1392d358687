using System.Collections.Immutable;
using System.Globalization;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Information;

/// <summary>Somebody whom a notice is for.</summary>
/// <param name="HasPlace">Waited, was with a doctor, on hold or promised an answer then; else advised, and through.</param>
internal sealed record NoticeChosen(Head Head, bool HasPlace);

/// <param name="Last">Where the next step goes on.</param>
/// <param name="IsWhole">Nobody comes after it.</param>
internal sealed record NoticeStep(IReadOnlyList<NoticeChosen> Found, Guid? Last, bool IsWhole);

/// <summary>
/// Whom a notice is for, a bounded number of consultations at a time, in the order of their ids. How each stood is read as of the moment of the sending,
/// from the log's headers: so it makes no difference how long it takes, what moves on meanwhile, or how often it is begun again.
/// </summary>
internal sealed class ChooseNotice(IDbContextFactory<Database> databases, Advised advised, Deployment deployment, NoticeRules rules)
{
    private static readonly ImmutableHashSet<string> Places = [.. new[] { Bucket.Waiting, Bucket.OnHold, Bucket.Promised, Bucket.InConsultation }.Select(b => b.Code())];
    private static readonly ImmutableHashSet<string> Through = [.. new[] { Bucket.SelfCare, Bucket.ToldToGo, Bucket.Served, Bucket.Referred, Bucket.Left }.Select(b => b.Code())];

    /// <param name="own">Whose heads may be looked at.</param>
    /// <param name="at">The moment that counts.</param>
    public async IAsyncEnumerable<NoticeStep> All(Expression<Func<Head, bool>> own, NoticeWhom whom, DateTimeOffset at, [EnumeratorCancellation] CancellationToken ct)
    {
        for (NoticeStep? step = null; step is not { IsWhole: true };)
        {
            yield return step = await Step(own, whom, at, step?.Last, ct);
        }
    }

    /// <summary>One step of the oldest notice that is not written down for everybody yet. Rows and the place where it goes on are one transaction: a stop repeats a step or does not, and nobody is there twice.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> Go(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Set<NoticeRow>().AsNoTracking().Where(n => n.WholeAt == null && n.StoppedAt == null).OrderBy(n => n.Seq).FirstOrDefaultAsync(ct) is not { } notice)
        {
            return false;
        }

        var step = await Step(h => h.Organisation == notice.Organisation, Whom(notice), notice.At.Utc(), notice.Reached, ct);
        using var turn = await deployment.Engine.WriterAsync(CancellationToken.None);
        await using var together = await database.Database.BeginTransactionAsync(CancellationToken.None);
        var (reached, whole) = (step.Last, step.IsWhole ? now.Ms() : (long?)null);
        var taken = await database.Set<NoticeRow>().Where(n => n.Id == notice.Id && n.Reached == notice.Reached && n.WholeAt == null && n.StoppedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.Reached, reached).SetProperty(n => n.WholeAt, whole).SetProperty(n => n.Chosen, n => n.Chosen + step.Found.Count), CancellationToken.None);
        if (taken == 1)
        {
            database.AddRange(step.Found.Select(f => new NoticeToRow { Notice = notice.Id, Consultation = f.Head.Id, Urgency = f.Head.Urgency ?? (int)Urgency.Routine, State = NoticeToRow.Due, ChangedAt = now.Ms() }));
            await database.SaveChangesAsync(CancellationToken.None);
            await together.CommitAsync(CancellationToken.None);
        }

        return true;
    }

    private async Task<NoticeStep> Step(Expression<Func<Head, bool>> own, NoticeWhom whom, DateTimeOffset at, Guid? after, CancellationToken ct)
    {
        var (opened, from) = (at.Ms(), after ?? Guid.Empty);
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(own).Where(h => (whom.Campaign == null || h.Campaign == whom.Campaign) && h.OpenedAt <= opened && h.Id.CompareTo(from) > 0)
            .OrderBy(h => h.Id).Take(rules.ChosenAtOnce).ToListAsync(ct);
        if (heads.Count == 0)
        {
            return new([], after, true);
        }

        var stood = await advised.BetweenAsync(heads[0].Id, heads[^1].Id, at, ct);
        return new([.. heads.Where(h => h.Patient is not null).Select(Chosen).OfType<NoticeChosen>()], heads[^1].Id, heads.Count < rules.ChosenAtOnce);

        NoticeChosen? Chosen(Head head) => stood.GetValueOrDefault(head.Id) is not { } then ? null
            : whom.Waiting && Places.Contains(then.Bucket) ? new(head, true)
            : Through.Contains(then.Bucket) && whom.AdvisedSince is { } day && then.Advised is { } last && last.At >= Begin(day) && whom.MeansAdvised(last.Said) ? new(head, false)
            : null;
    }

    private DateTimeOffset Begin(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), deployment.Zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue)));

    private static NoticeWhom Whom(NoticeRow notice) => new(
        notice.Campaign, notice.Waiting, notice.AdvisedSince is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        [.. notice.Dispositions.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Disposition>)]);
}

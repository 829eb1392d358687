using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <summary>
/// Goes through the whole log in one snapshot and judges again, by another version, what was judged by a recalled one: the same facts, the same other
/// packs. Leaves a record of its reading before it opens anything, and changes nothing.
/// </summary>
internal sealed class FindRecalled(Judgements judgements, ProtocolShelf shelf, Recalls recalls, AccessLog access, IDbContextFactory<Database> databases, Deployment deployment, TimeProvider clock)
{
    private const string Purpose = "recall";
    private const int NumberLetters = 6;

    /// <summary>What is asked: which version is recalled, and which stands in its place.</summary>
    /// <param name="with">Null or empty: the version that is in force today.</param>
    public Decision<RecallQuestion> Ask(string? protocol, string? version, string? with)
    {
        var versions = shelf.All.Where(p => p.Id == protocol).ToList();
        var kept = versions.Any(p => p.Version == version);
        if (versions.Count == 0 || protocol is null || string.IsNullOrWhiteSpace(version) || (!kept && versions.Any(p => p.Overlay is not null)))
        {
            return Refusal.NotFound;
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), deployment.Zone).DateTime);
        var by = string.IsNullOrWhiteSpace(with) ? versions.Where(p => p.IsInForce(today)).MaxBy(p => p.From) : versions.FirstOrDefault(p => p.Version == with);
        return by is null || by.Version == version ? Refusal.NothingInItsPlace : new RecallQuestion(new ProtocolPin(protocol, version), by, kept, Serves: true);
    }

    public async Task<RecallFound> Find(RecallQuestion asked, Looking who, CancellationToken ct)
    {
        var (looked, concerned, damaged, gone) = (0, 0, 0, 0);
        var (lines, sent, unjudged) = (new List<RecallLine>(), ImmutableArray.CreateBuilder<RecallSent>(), ImmutableArray.CreateBuilder<RecallUnjudged>());
        var stillAsked = 0;
        await foreach (var judged in judgements.ReadAsync(
            async ever =>
            {
                stillAsked = await StillAsked(who, ever, ct);
                return await Admit(asked, who, ever, ct);
            },
            ct))
        {
            (looked, damaged, gone) = judged.Readable switch
            {
                Readable.Whole => (looked + 1, damaged, gone),
                Readable.Damaged => (looked, damaged + 1, gone),
                Readable.Erased or Readable.Ended => (looked, damaged, gone + 1),
            };
            if (judged is not { Readable: Readable.Whole, Judgements: [.., var last] })
            {
                continue;
            }

            var told = sent.Count;
            sent.AddRange(judged.Judgements.Select(j => j.Fact).OfType<AdviceCorrected>().Where(f => f.Recalled == asked.Recalled)
                .Select(f => new RecallSent(judged.Id, f.Count, f.Says.Urgency, f.Count <= judged.Now.CorrectionsSeen)));
            var region = last.Told.Place?.Region;
            var uses = shelf.Uses(last.Outcome.JudgedBy, region, asked.Recalled);
            concerned += uses || sent.Count > told ? 1 : 0;
            if (!uses)
            {
                continue;
            }

            var again = shelf.Pinned(last.Outcome.JudgedBy, region, new Replacement(asked.Recalled, asked.By, last.Told.RulesDay));
            if (again.Missing is [var missing, ..])
            {
                unjudged.Add(new RecallUnjudged(Number(judged.Id), missing));
                continue;
            }

            var says = shelf.Judge(again.Packs, last.Told.Answers, askable: true);
            if (last.Outcome.Differences(says) is { IsEmpty: false } differs)
            {
                lines.Add(new RecallLine(judged.Id, Number(judged.Id), last.At, last.Version, last.Outcome, says, differs));
            }
        }

        var urgentFirst = lines.OrderBy(l => l.Says.Urgency).ThenBy(l => ProtocolShelf.Acuity(l.Says.Disposition)).ThenByDescending(l => l.Said.Urgency).ThenBy(l => l.JudgedAt).ThenBy(l => l.Id.Value);
        return new RecallFound(asked.Recalled, asked.By.Pin, looked, concerned, [.. urgentFirst], sent.ToImmutable(), unjudged.ToImmutable(), damaged, gone, stillAsked,
            (await recalls.All(ct)).InPlaceOf(asked.Recalled, who.Organisation) == asked.By.Pin);
    }

    private async Task<IReadOnlySet<Guid>> Admit(RecallQuestion asked, Looking who, IReadOnlySet<Guid> ever, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await who.Admit(ever, database, access, Purpose, $"{asked.Recalled.Id}@{asked.Recalled.Version}>{asked.By.Version}", clock.GetUtcNow(), ct);
    }

    /// <summary>Live, and not judged yet: whoever of them would be judged by the recalled version is covered by the recall itself.</summary>
    private async Task<int> StillAsked(Looking who, IReadOnlySet<Guid> ever, CancellationToken ct)
    {
        List<string> before = [.. new[] { Bucket.BeingAsked, Bucket.Waiting, Bucket.OnHold, Bucket.InConsultation }.Select(b => b.Code())];
        await using var database = await databases.CreateDbContextAsync(ct);
        return (await database.Set<Head>().AsNoTracking().Where(who.Reach).Where(h => before.Contains(h.Bucket)).Select(h => h.Id).ToListAsync(ct)).Count(id => !ever.Contains(id));
    }

    private static string Number(ConsultationId id) => id.ToString()[^NumberLetters..];
}

using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// The heads that a turn decides by, kept from turn to turn: a turn reads what has changed since the last one, and from time to time all of it anew, so
/// that what became visible late, or was mended by hand, is seen then at the latest. It is a view and no truth: the log decides on the newest state
/// whatever is decided by it. For one loop; not for several threads.
/// </summary>
internal sealed class HeadsSeen(IDbContextFactory<Database> databases, LogOrder log, DispatchRules rules)
{

    private readonly Dictionary<Guid, Head> open = [];
    private readonly Dictionary<Guid, Lately> lately = [];
    private readonly LineSeen line = new(log);
    private long? read;
    private long whole;
    private double tookMs;

    /// <summary>Whoever waits, has a promise, is asked for, or is with a clinician.</summary>
    public IReadOnlyCollection<Head> Open => open.Values;

    /// <summary>Of these whoever waits or has a promise and is not asked for, in their order.</summary>
    public IReadOnlyList<Head> Line => line.InOrder;

    /// <summary>Calls of the last minutes, and who was taken, so that another leader decides by the same.</summary>
    public Flow Flow(DateTimeOffset now)
    {
        var flow = new Flow(rules);
        var (called, begun) = (now.Ms() - rules.Calls.WindowMs, now.Ms() - rules.Offers.WindowMs);
        foreach (var call in lately.Values.Where(l => l.Who.IsCall && l.Came > called).OrderBy(l => l.Came))
        {
            flow.Came(call.Who, call.Came);
        }

        foreach (var (who, at) in lately.Values.Where(l => l.Began > begun).Select(l => (l.Who, At: l.Began ?? 0)).OrderBy(l => l.At))
        {
            flow.Began(who, at);
        }

        return flow;
    }

    /// <summary>Brings the view up to date.</summary>
    public async Task Look(DateTimeOffset now, CancellationToken ct)
    {
        var last = read;
        // What is broken off halfway is no view: the next turn reads everything.
        read = null;
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking();
        if (last is not { } since || now.Ms() < since || rules.Reading.IsDue(Stopwatch.GetElapsedTime(whole).TotalMilliseconds, tookMs))
        {
            await All(heads, now, ct);
        }
        else
        {
            await Changed(heads, since - rules.Reading.OverlapMs, ct);
        }

        read = now.Ms();
    }

    private async Task All(IQueryable<Head> heads, DateTimeOffset now, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var (waits, promised, talks) = (Bucket.Waiting.Code(), Bucket.Promised.Code(), Bucket.InConsultation.Code());
        var (called, taken) = (now.Ms() - rules.Calls.WindowMs, now.Ms() - rules.Offers.WindowMs);
        open.Clear();
        lately.Clear();
        // One statement each, because each has an index of its own.
        IQueryable<Head>[] kinds = [heads.Where(h => h.Bucket == waits || h.Bucket == promised || h.Bucket == talks), heads.Where(h => h.AssignedTo != null), heads.Where(h => h.PromptedTo != null)];
        foreach (var kind in kinds)
        {
            (await kind.ToListAsync(ct)).ForEach(head => open[head.Id] = head);
        }

        await line.Begin(open.Values, ct);
        foreach (var kind in new[] { heads.Where(h => h.FirstAssignedAt > taken), heads.Where(h => h.Channel != Waiting.Chat && h.ArrivedAt > called) })
        {
            (await Steps(kind).ToListAsync(ct)).ForEach(Keep);
        }

        whole = Stopwatch.GetTimestamp();
        tookMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task Changed(IQueryable<Head> heads, long since, CancellationToken ct)
    {
        var (newer, moved) = (new List<Guid>(), new HashSet<Guid>());
        foreach (var step in await Steps(heads.Where(h => h.ChangedAt >= since)).ToListAsync(ct))
        {
            Keep(step);
            if (!step.IsOpen)
            {
                _ = open.Remove(step.Id) && moved.Add(step.Id);
            }
            else if (!open.TryGetValue(step.Id, out var known) || known.Version != step.Version)
            {
                newer.Add(step.Id);
            }
        }

        foreach (var head in newer.Count == 0 ? [] : await heads.Where(h => newer.Contains(h.Id)).ToListAsync(ct))
        {
            open[head.Id] = head;
            moved.Add(head.Id);
        }

        await line.Change(moved, open, ct);
    }

    private static IQueryable<Step> Steps(IQueryable<Head> heads)
    {
        var (waits, promised, talks) = (Bucket.Waiting.Code(), Bucket.Promised.Code(), Bucket.InConsultation.Code());
        return heads.Select(h => new Step(
            h.Id, h.Version, h.Bucket == waits || h.Bucket == promised || h.Bucket == talks || h.AssignedTo != null || h.PromptedTo != null, h.Need, h.Urgency, h.Channel, h.ArrivedAt, h.FirstAssignedAt));
    }

    private void Keep(Step step)
    {
        if (step.ArrivedAt is { } came)
        {
            lately[step.Id] = new Lately(new Waiting(step.Id, (Urgency)(step.Urgency ?? (int)Urgency.Routine), came, 0, step.Need, "", null, step.Channel, null), came, step.FirstAssignedAt);
        }
    }

    private sealed record Step(Guid Id, long Version, bool IsOpen, string Need, int? Urgency, string Channel, long? ArrivedAt, long? FirstAssignedAt);

    private sealed record Lately(Waiting Who, long Came, long? Began);
}

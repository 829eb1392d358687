using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Triage;

/// <summary>
/// Recalls: puts it on record, and tells everybody whom it finds: an entry of the worklist, by the urgency of what is advised now; the fact; a message without a word about health.
/// The entry comes first, so that a person sees to whoever is left behind by a crash. Sent again, it makes only what is missing.
/// </summary>
internal sealed class SendCorrections(ConsultationLog log, Entries entries, Letters letters, Messages messages, Judgements judgements, Settings settings, Countries countries, Recalls recalls, FindRecalled recall, IDbContextFactory<Database> databases, Unreadable unreadable, TimeProvider clock)
{
    public const string Kind = "correction";

    /// <returns>How many were corrected now; whoever could not be read is not among them and stays on the list.</returns>
    public async Task<Decision<int>> Send(RecallQuestion asked, Looking who, CancellationToken ct)
    {
        if (!asked.Serves)
        {
            return Refusal.ProtocolUnsigned;
        }

        // First it judges nobody any more, then whom it has judged is looked for: who is judged in between is missed by neither.
        await recalls.Record(new Recall(asked.Recalled, asked.By.Pin, clock.GetUtcNow(), who.Organisation, who.Actor));
        var found = await recall.Find(asked, who, ct);

        var corrected = 0;
        foreach (var line in found.Lines)
        {
            await Each(line.Id, async () => corrected += await Correct(asked, line, who.Actor, ct) ? 1 : 0);
        }

        foreach (var before in found.Sent.Where(s => !s.Seen))
        {
            await Each(before.Id, async () =>
            {
                var state = await log.Read(before.Id, ct);
                await entries.Make(EntryKind.Correction, state, before.Count, clock.GetUtcNow(), ct, before.Urgency);
                await Write(state, before.Count, ct);
            });
        }

        messages.Ring();
        return corrected;
    }

    /// <summary>What became of each recall, from headers and the worklist's rows.</summary>
    public async Task<ImmutableArray<RecallProgress>> Progress(Looking who, CancellationToken ct)
    {
        var made = await judgements.MadeAsync(ct);
        if (made.Count == 0)
        {
            return [];
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var mine = (await database.Set<Head>().AsNoTracking().Where(who.Reach).Select(h => h.Id).ToListAsync(ct)).ToHashSet();
        var rows = await database.Set<EntryRow>().AsNoTracking().Where(e => e.Kind == Kind).ToDictionaryAsync(e => e.Id, ct);
        var now = clock.GetUtcNow().Ms();
        return
        [
            .. from correction in made
               where mine.Contains(correction.Consultation)
               group (correction.At, correction.Seen, Row: rows.GetValueOrDefault(FollowingId.Of(correction.Consultation, Kind, correction.Code.Count))) by (correction.Code.Recalled, correction.Code.By) into recall
               orderby recall.Max(c => c.At) descending
               select new RecallProgress(
                   recall.Key.Recalled, recall.Key.By, recall.Max(c => c.At), recall.Count(), recall.Count(c => c.Seen), recall.Count(c => c.Row?.Came == Entries.Code(EntryCame.Reached)),
                   recall.Count(c => c.Row is { State: not EntryRow.Done }), recall.Count(c => c.Row is { State: not EntryRow.Done } row && row.DueAt <= now), recall.Count(c => c.Row is null)),
        ];
    }

    private async Task<bool> Correct(RecallQuestion asked, RecallLine line, string actor, CancellationToken ct)
    {
        var (now, before) = (clock.GetUtcNow(), await log.Read(line.Id, ct));
        if (before.IsErased || before.JudgedIn != line.JudgedIn)
        {
            return false;
        }

        var count = before.Corrections + 1;
        await entries.Make(EntryKind.Correction, before, count, now, ct, line.Says.Urgency);
        var decided = await log.Decide(line.Id, actor, now, c => c.Correct(line.JudgedIn, asked.Recalled, asked.By.Pin, line.Says));
        if (!decided.Is(out var after, out _))
        {
            // Erased in between: nobody may be left on a list.
            await using var database = await databases.CreateDbContextAsync(CancellationToken.None);
            await Entries.Erase(database, [line.Id.Value], CancellationToken.None);
            return false;
        }

        await Write(after, after.Corrections, ct);
        return after.Corrections == count && after.Correction?.Recalled == asked.Recalled;
    }

    /// <summary>Not while messages do not go out: one that is not delivered soon never is, and the entry stands for it.</summary>
    private async Task Write(Consultation about, int count, CancellationToken ct)
    {
        if (messages.CanSend && about.Opening is { } opening)
        {
            await letters.Write(about.Id, opening.Patient, Kind, count, lang => Words(lang, about.Id, countries.Ambulance(about.Place?.Region, about.Place?.Country)), clock.GetUtcNow(), ct);
        }
    }

    private string Words(string lang, ConsultationId id, string sos) => lang == "en"
        ? $"You asked us for advice. There is an update: please open {settings.BaseUrl}/q/{id}/outcome If it gets worse, call {sos}."
        : $"【义诊】您来问过我们，现在有一条更新，请打开看：{settings.BaseUrl}/q/{id}/outcome 加重了，打 {sos}。";

    /// <summary>Each by itself: one that cannot be read stops nobody else.</summary>
    private async Task Each(ConsultationId id, Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            await unreadable.Tell(id, fault, clock.GetUtcNow());
        }
    }
}

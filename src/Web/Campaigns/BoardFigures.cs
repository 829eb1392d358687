using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>Recounts from heads, duty, journal and headers of the log what the board shows beside the queue as it is.</summary>
internal sealed class BoardFigures(Moves moves, StaffRoster roster, StaffOnDuty onDuty, SeatsNow seats, Surges surges, Aids aids, DispatchRules dispatch, CampaignRules campaigns)
{
    private const string Duty = "duty_";

    /// <summary>A spell of duty that is older is counted from here.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(1);

    /// <summary>The figures, and the spell of each who has changed duty within a day.</summary>
    /// <param name="unreadable">Consultations that cannot be read now.</param>
    public async Task<(BoardRecount Figures, IReadOnlyDictionary<Guid, DutySpell> Spells)> Count(Database database, IEnumerable<ConsultationId> unreadable, DateTimeOffset now, CancellationToken ct)
    {
        var waits = Bucket.Waiting.Code();
        var waiting = await database.Set<Head>().AsNoTracking().Where(h => h.Bucket == waits).OrderBy(h => h.ArrivedAt).ToListAsync(ct);
        var spells = await Spells(database, now, ct);
        var steps = new Answering(await moves.SinceAsync(Answering.Begin(now.Ms()), now.Ms(), ct));
        var figures = new BoardRecount(
            now,
            await seats.Count(database, waiting, [.. unreadable.Select(id => id.Value)], now, ct),
            await Holes(database, [.. waiting.Select((h, order) => h.Asks(order))], spells, now, ct),
            steps.LastHour(now.Ms(), campaigns.WaitFewest),
            campaigns.WaitFewest,
            [.. steps.History(now.Ms()).Select(s => new QueueLine(s.From.Utc(), s.To.Utc(), s.Waiting, s.Joined, s.Taken, s.Left))]);
        return (figures, spells);
    }

    private static async Task<IReadOnlyDictionary<Guid, DutySpell>> Spells(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var since = (now - LooksBack).Ms();
        var changes = await database.Set<JournalRow>().AsNoTracking().Where(j => j.At >= since && j.Clinician != null && j.Kind.StartsWith(Duty))
            .OrderBy(j => j.Seq).Select(j => new { j.Clinician, j.At, j.Kind }).ToListAsync(ct);
        return changes.Select(c => new DutyChange(c.Clinician ?? Guid.Empty, c.At, c.Kind[Duty.Length..])).GroupBy(c => c.Clinician).ToDictionary(g => g.Key, DutySpell.Of);
    }

    private async Task<ImmutableArray<HoleLine>> Holes(Database database, List<Waiting> waiting, IReadOnlyDictionary<Guid, DutySpell> spells, DateTimeOffset now, CancellationToken ct)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        // Who went before the first of them came has left no hole behind that is shorter than the wait.
        var oldest = waiting.Min(w => w.ArrivedAt);
        var rows = await database.Set<DutyRow>().AsNoTracking().Where(d => d.State != "off" || d.Since >= oldest).ToListAsync(ct);
        var (staff, levels, lent) = (await roster.Of(rows.Select(d => d.Clinician), ct), await surges.Levels(ct), await aids.At(now, ct));
        var called = waiting.Exists(w => w.Need == SettingUrgency.Physician);
        var seen = rows.Where(d => staff.ContainsKey(d.Clinician)).Select(d => (Row: d, Who: onDuty.Able(d, staff[d.Clinician], levels, called))).Where(d => d.Who is not null).Select(d => (d.Row, Who: (d.Who ?? throw new InvalidOperationException()) with { Aid = lent.GetValueOrDefault(staff[d.Row.Clinician].Organisation) })).ToList();
        var holes = Coverage.Holes(waiting, [.. seen.Where(d => d.Row.Takes(dispatch, now)).Select(d => d.Who)], [.. seen.Where(d => !d.Row.Takes(dispatch, now)).Select(d => Gone(d.Row, d.Who, spells))]);
        return [.. holes.Select(h => new HoleLine(h.Need, h.Lang, h.Area, h.Channel, h.MostUrgent, h.Waiting, now - h.LongestSince.Utc(), h.Since.Utc(), h.Lacks, h.OnBreak))];
    }

    /// <summary>Out of sight they took nobody since the last sign of them.</summary>
    private static OutOfReach Gone(DutyRow duty, OnDuty who, IReadOnlyDictionary<Guid, DutySpell> spells) => duty.State == "on"
        ? new OutOfReach(who, duty.LastSignAt, OnBreak: false)
        : new OutOfReach(who, spells.GetValueOrDefault(duty.Clinician)?.TakesNobodySince ?? duty.Since, duty.State != "off");
}

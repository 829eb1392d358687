using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// Who had whom in consultation, from when to when: the spells from the headers of the log, the clinicians of each from the pool's journal, written in
/// the same transaction as the fact. Needs no key, and who was erased is counted like everybody.
/// </summary>
internal static class HelpGiven
{
    /// <param name="since">UTC milliseconds; of whoever was with a clinician since then everything is read, from their first step on.</param>
    public static async Task<IReadOnlyList<HelpSpell>> SinceAsync(IEngine engine, long since, long now, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var snapshot = await engine.SnapshotAsync(connection, ct);
        var steps = new List<(Guid Consultation, long At, bool Taken)>();
        await using (var command = FactTable.In(snapshot, $"""
            with last as (select consultation, max(version) as version from fact group by consultation),
            those as (select f.consultation from fact f join last on last.consultation = f.consultation and last.version = f.version where f.at >= {since} or f.bucket = '{Bucket.InConsultation.Code()}'),
            steps as (select f.consultation, f.version, f.at, f.kind, f.bucket, lag(f.bucket) over (partition by f.consultation order by f.version) as before from fact f join those on those.consultation = f.consultation)
            select consultation, at, kind from steps where kind = 'assigned' or before is null or before <> bucket order by consultation, version
            """))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                steps.Add((engine.ReadId(rows, 0), rows.GetInt64(1), rows.GetString(2) == "assigned"));
            }
        }

        // An erased head has no organisation any more; its campaign has.
        var houses = new Dictionary<Guid, Guid>();
        await using (var command = FactTable.In(snapshot, $"select h.id, coalesce(c.organisation, h.organisation) from head h left join campaign c on c.slug = h.campaign where h.changed_at >= {since} or h.bucket = '{Bucket.InConsultation.Code()}'"))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                houses[rows.GetGuid(0)] = rows.GetGuid(1);
            }
        }

        var clinicians = new Dictionary<Guid, Queue<(Guid Clinician, Guid House)>>();
        await using (var command = FactTable.In(snapshot, $"select j.consultation, j.clinician, s.organisation from journal j join staff s on s.id = j.clinician where j.kind = 'assigned' and j.at >= {steps.Select(s => s.At).DefaultIfEmpty(since).Min()} order by j.seq"))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                var consultation = rows.GetGuid(0);
                clinicians.TryAdd(consultation, new());
                clinicians[consultation].Enqueue((rows.GetGuid(1), rows.GetGuid(2)));
            }
        }

        return Spells(steps, houses, clinicians, now);
    }

    private static List<HelpSpell> Spells(List<(Guid Consultation, long At, bool Taken)> steps, Dictionary<Guid, Guid> houses, Dictionary<Guid, Queue<(Guid Clinician, Guid House)>> clinicians, long now)
    {
        var spells = new List<HelpSpell>();
        HelpSpell? open = null;
        foreach (var (consultation, at, taken) in steps)
        {
            if (open is not null)
            {
                spells.Add(open with { To = open.Consultation == consultation ? at : now });
                open = null;
            }

            if (taken && houses.TryGetValue(consultation, out var receiver) && clinicians.GetValueOrDefault(consultation)?.TryDequeue(out var by) == true)
            {
                open = new HelpSpell(consultation, by.Clinician, by.House, receiver, at, at);
            }
        }

        return open is null ? spells : [.. spells, open with { To = now }];
    }
}

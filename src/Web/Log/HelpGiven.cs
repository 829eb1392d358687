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
        var those = $"""
            with last as (select consultation, max(version) as version from fact group by consultation),
            those as (select f.consultation from fact f join last on last.consultation = f.consultation and last.version = f.version where f.at >= {since} or f.bucket = '{Bucket.InConsultation.Code()}')
            """;
        var clinicians = new Dictionary<Guid, Queue<(Guid Clinician, Guid House)>>();
        await using (var command = FactTable.In(snapshot, $"{those} select j.consultation, j.clinician, s.organisation from journal j join those on those.consultation = j.consultation join staff s on s.id = j.clinician where j.kind = 'assigned' order by j.seq"))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                var consultation = engine.ReadId(rows, 0);
                clinicians.TryAdd(consultation, new());
                clinicians[consultation].Enqueue((engine.ReadId(rows, 1), engine.ReadId(rows, 2)));
            }
        }

        // An erased head has no organisation any more; its campaign has.
        await using var steps = FactTable.In(snapshot, $"""
            {those},
            steps as (select f.consultation, f.version, f.at, f.kind, f.bucket, lag(f.bucket) over (partition by f.consultation order by f.version) as before from fact f join those on those.consultation = f.consultation)
            select steps.consultation, steps.at, steps.kind, steps.bucket, coalesce(c.organisation, h.organisation)
            from steps join head h on h.id = steps.consultation left join campaign c on c.slug = h.campaign
            where steps.kind = 'assigned' or steps.before is null or steps.before <> steps.bucket order by steps.consultation, steps.version
            """);
        return await SpellsAsync(engine, steps, clinicians, now, ct);
    }

    private static async Task<IReadOnlyList<HelpSpell>> SpellsAsync(IEngine engine, System.Data.Common.DbCommand steps, Dictionary<Guid, Queue<(Guid Clinician, Guid House)>> clinicians, long now, CancellationToken ct)
    {
        var spells = new List<HelpSpell>();
        HelpSpell? open = null;
        await using var rows = await steps.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var (consultation, at) = (engine.ReadId(rows, 0), rows.GetInt64(1));
            if (open is not null)
            {
                spells.Add(open with { To = open.Consultation == consultation ? at : now });
                open = null;
            }

            if (rows.GetString(3) == Bucket.InConsultation.Code() && rows.GetString(2) == "assigned" && clinicians.GetValueOrDefault(consultation)?.TryDequeue(out var taken) == true)
            {
                open = new HelpSpell(consultation, taken.Clinician, taken.House, engine.ReadId(rows, 4), at, at);
            }
        }

        return open is null ? spells : [.. spells, open with { To = now }];
    }
}

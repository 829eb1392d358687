using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>How tired those on duty are, recounted from the pool's journal at most every half a minute: nobody gets tired faster.</summary>
internal sealed class Strains(IDbContextFactory<Database> databases, DutyPolicy policy) : IDisposable
{
    private const string Duty = "duty_";
    private const long HourMs = 3_600_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private (DateTimeOffset At, Dictionary<Guid, Strain> Of)? known;

    public FatigueRule Rule => policy.Fatigue;

    public void Dispose() => turn.Dispose();

    /// <summary>Of everybody who was on duty within a day.</summary>
    public async Task<IReadOnlyDictionary<Guid, Strain>> Now(DateTimeOffset now, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (known is not { } read || now < read.At || now - read.At >= Fresh)
            {
                known = read = (now, await Count(now, ct));
            }

            return read.Of;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Dictionary<Guid, Strain>> Count(DateTimeOffset now, CancellationToken ct)
    {
        var since = now.AddDays(-1).Ms();
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<DutyRow>().AsNoTracking().Where(d => d.State != "off" || d.Since >= since).Select(d => new { d.Clinician, d.Since, d.State }).ToListAsync(ct);
        var lines = database.Set<JournalRow>().AsNoTracking().Where(j => j.At >= since && j.Clinician != null);
        var changes = (await lines.Where(j => j.Kind.StartsWith(Duty)).OrderBy(j => j.Seq).Select(j => new { j.Clinician, j.At, j.Kind }).ToListAsync(ct))
            .ToLookup(c => c.Clinician ?? Guid.Empty, c => new DutyChange(c.Clinician ?? Guid.Empty, c.At, c.Kind[Duty.Length..]));
        var taken = (await lines.Where(j => j.Kind == "assigned").GroupBy(j => new { j.Clinician, Hour = j.At / HourMs }).Select(g => new { g.Key.Clinician, g.Key.Hour, Count = g.Count() }).ToListAsync(ct))
            .ToLookup(t => t.Clinician ?? Guid.Empty, t => (t.Hour * HourMs, t.Count));
        return rows.ToDictionary(r => r.Clinician, r => Fatigue.Of(changes[r.Clinician].Any() ? changes[r.Clinician] : [new DutyChange(r.Clinician, r.Since, r.State)], taken[r.Clinician], policy.Fatigue, now.Ms()));
    }
}

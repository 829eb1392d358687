using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>Why a person waits at this moment, and who stands before them, from who is on duty and from heads. Read at most every few seconds, because everybody who waits looks at it.</summary>
internal sealed class WhyNobodyYet(IDbContextFactory<Database> databases, StaffOnDuty staff, Surges surges) : IDisposable
{
    private const int ProvinceDigits = 2;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private (DateTimeOffset At, IReadOnlyList<OnDuty> Staff)? known;

    public void Dispose() => turn.Dispose();

    public async Task<WaitReason> Of(Consultation c, DateTimeOffset now, CancellationToken ct)
    {
        var province = c.Place?.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null;
        var who = new Waiting(c.Id.Value, c.Urgency ?? Urgency.Routine, (c.ArrivedAt ?? now).Ms(), 0, Need(c), c.Opening?.Lang ?? "", province, c.Opening?.Channel ?? "", c.OwnClinician, Organisation: c.Opening?.Organisation ?? Guid.Empty, Campaign: c.Opening?.Campaign ?? "");
        return WaitReasons.Of(who, await Staff(now, ct));
    }

    /// <summary>How many stand before this person of those who may get the same clinicians, and whether one of them is of a more urgent class.</summary>
    public async Task<(int People, bool MoreUrgent)> Before(Consultation c, DateTimeOffset now, CancellationToken ct)
    {
        var (waits, urgency, arrived, own) = (Bucket.Waiting.Code(), (int)(c.Urgency ?? Urgency.Routine), c.ArrivedAt?.Ms(), Need(c));
        var needs = (await Staff(now, ct)).Where(d => !d.Paused && d.Skills.Contains(own)).SelectMany(d => d.Skills).Append(own).Distinct().ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var before = await database.Set<Head>().Where(h => h.Bucket == waits && h.Id != c.Id.Value && needs.Contains(h.Need) && (h.Urgency < urgency || (h.Urgency == urgency && h.ArrivedAt < arrived)))
            .GroupBy(h => h.Urgency < urgency).Select(g => new { MoreUrgent = g.Key, People = g.Count() }).ToListAsync(ct);
        return (before.Sum(g => g.People), before.Exists(g => g.MoreUrgent));
    }

    private static string Need(Consultation c) => c.DoctorCalled ? SettingUrgency.Physician : c.Need;

    private async Task<IReadOnlyList<OnDuty>> Staff(DateTimeOffset now, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (known is not { } read || now < read.At || now - read.At >= Fresh)
            {
                known = read = (now, await staff.Now(now, await surges.Levels(ct), called: true, ct));
            }

            return read.Staff;
        }
        finally
        {
            turn.Release();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>
/// What may be kept no longer ends by itself: its keys go to the erasure list and are destroyed, as in an erasure that the person asked for. With the last
/// consultation of an account its names and number go as well. Any node may turn this; done twice it is done once.
/// </summary>
internal sealed class EndKept(IDbContextFactory<Database> databases, RetentionPolicy policy, Patients patients, Erasure erasure, AccessLog access, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private const int Batch = 2000;
    private const string Purpose = "retention";

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <returns>How many consultations ended.</returns>
    public async Task<int> Look(DateTimeOffset now, CancellationToken ct)
    {
        List<string> live = [.. Enum.GetValues<Bucket>().Where(b => b.IsLive()).Select(b => b.Code())];
        await using var database = await databases.CreateDbContextAsync(ct);
        var oldest = await database.Set<Head>().AsNoTracking().Where(h => h.Patient != null && !live.Contains(h.Bucket)).OrderBy(h => h.ChangedAt)
            .Select(h => new { h.Id, Patient = h.Patient.GetValueOrDefault(), h.ChangedAt }).Take(Batch).ToListAsync(ct);
        var over = oldest.Where(h => policy.Ends(KeptClass.Process, h.ChangedAt.Utc(), emergencyOver: null) <= now).ToList();
        if (over.Count == 0)
        {
            return 0;
        }

        await access.RecordJobAsync(Guid.Empty, "system", Purpose, $"{policy.Id}@{policy.Version}", over.Count, now, ct);
        var accounts = new Dictionary<Guid, Guid>();
        foreach (var patient in over.Select(h => h.Patient).Distinct())
        {
            accounts[patient] = await patients.AccountOf(patient, ct) ?? Guid.Empty;
        }

        foreach (var theirs in over.GroupBy(h => accounts[h.Patient], h => h.Id))
        {
            var account = theirs.Key;
            var people = await database.Set<PatientRow>().AsNoTracking().Where(p => p.Account == account).Select(p => p.Id).ToListAsync(ct);
            var ending = theirs.ToList();
            var goesOn = people.Count == 0 || await database.Set<Head>().AsNoTracking().AnyAsync(h => h.Patient != null && people.Contains(h.Patient.Value) && !ending.Contains(h.Id), ct);
            _ = goesOn ? await erasure.EndAsync(ending, now, ct) : await erasure.EraseAsync(account, people, "system", now, ct);
        }

        return over.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Look(clock.GetUtcNow(), stoppingToken);
                heartbeats.Recovered(nameof(EndKept));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(EndKept), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

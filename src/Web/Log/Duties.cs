using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// Who is on duty, with how many seats, and when each last showed a sign of life. Every change is a line in the pool's journal;
/// signs of life are not: they are kept in the row, written at most every few seconds.
/// </summary>
internal sealed class Duties(IDbContextFactory<Database> databases, IEngine engine, DutyPolicy policy, Bell bell)
{
    public const string Pool = "light";
    private const long SignEveryMs = 5000;

    /// <param name="state">on, pausing, paused or off.</param>
    /// <param name="seats">Consultations at once; 1 or more.</param>
    public async Task<DutyRow> Change(Guid clinician, string state, int seats, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<DutyRow>().FirstOrDefaultAsync(d => d.Clinician == clinician);
        if (row is null)
        {
            row = new DutyRow { Clinician = clinician, Pool = Pool, State = state, Seats = seats, Since = now.Ms(), LastSignAt = now.Ms(), LastAssignedAt = 0 };
            database.Add(row);
        }
        else if (row.State == state && row.Seats == seats)
        {
            await Sign(clinician, now);
            return row;
        }

        row.State = state;
        row.Missed = 0;
        row.Seats = seats;
        row.Since = now.Ms();
        row.LastSignAt = now.Ms();
        var line = new JournalRow { Pool = Pool, At = now.Ms(), Kind = $"duty_{state}", Clinician = clinician, Body = JsonSerializer.Serialize(new { seats }) };
        database.Add(line);
        using var turn = await engine.WriterAsync(CancellationToken.None);
        await using var together = await database.Database.BeginTransactionAsync();
        await database.SaveChangesAsync();
        row.Place = line.Seq;
        await database.SaveChangesAsync();
        await together.CommitAsync();
        bell.Ring(Bell.Queue);
        return row;
    }

    public async Task<DutyRow?> Of(Guid clinician, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<DutyRow>().AsNoTracking().FirstOrDefaultAsync(d => d.Clinician == clinician, ct);
    }

    public async Task<IReadOnlyList<DutyRow>> All(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<DutyRow>().AsNoTracking().Where(d => d.State != "off").OrderBy(d => d.Since).ThenBy(d => d.Place).ToListAsync(ct);
    }

    public async Task Assigned(Guid clinician, DateTimeOffset now)
    {
        var at = now.Ms();
        await using var database = await databases.CreateDbContextAsync();
        await database.Set<DutyRow>().Where(d => d.Clinician == clinician).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastAssignedAt, at));
    }

    /// <summary>Answered a prompt, whatever the answer: somebody is there.</summary>
    public async Task Answered(Guid clinician)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database.Set<DutyRow>().Where(d => d.Clinician == clinician && d.Missed > 0).ExecuteUpdateAsync(set => set.SetProperty(d => d.Missed, 0));
    }

    /// <summary>A prompt has lapsed without a word. So many in a row, and they get nobody until they say that they are there; whom they have stays theirs.</summary>
    public async Task Missed(Guid clinician, int most, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var row = database.Set<DutyRow>().Where(d => d.Clinician == clinician && d.State == "on");
        await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.Missed, d => d.Missed + 1));
        if (await row.Where(d => d.Missed >= most).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, "paused").SetProperty(d => d.Since, now.Ms())) > 0)
        {
            database.Add(new JournalRow { Pool = Pool, At = now.Ms(), Kind = "duty_paused", Clinician = clinician, Body = """{"because":"prompts_missed"}""" });
            await database.SaveChangesAsync();
            bell.Ring(Bell.Desk(clinician));
        }
    }

    /// <summary>A sign of life: stream, heartbeat, typing, draft. Who was out of sight for as long as a break had one, and the journal says so.</summary>
    public async Task Sign(Guid clinician, DateTimeOffset now)
    {
        var (at, gone) = (now.Ms(), now.AddMinutes(-policy.Fatigue.BreakMinutes).Ms());
        await using var database = await databases.CreateDbContextAsync();
        var row = database.Set<DutyRow>().Where(d => d.Clinician == clinician);
        if (await row.Where(d => d.LastSignAt < at - SignEveryMs && (d.LastSignAt >= gone || d.State != "on")).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastSignAt, at)) > 0
            || await row.AsNoTracking().FirstOrDefaultAsync(d => d.LastSignAt < gone && d.State == "on") is not { } back
            || await row.Where(d => d.LastSignAt == back.LastSignAt).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastSignAt, at)) == 0)
        {
            return;
        }

        database.Add(new JournalRow { Pool = Pool, At = back.LastSignAt, Kind = "duty_unseen", Clinician = clinician, Body = "{}" });
        database.Add(new JournalRow { Pool = Pool, At = at, Kind = "duty_on", Clinician = clinician, Body = JsonSerializer.Serialize(new { seats = back.Seats }) });
        await database.SaveChangesAsync();
    }
}

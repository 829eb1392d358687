using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// The door: one row for each press of Start, without health data, kept in step with what its person really does until the consent opens the
/// consultation. The ledger reads from it who is at the door, who went away and who was turned back.
/// </summary>
internal sealed class Doorstep(IDbContextFactory<Database> databases, LightConsultation policy)
{
    private const int LongestEntrance = 40;

    /// <summary>Steps closer together than this are one: a page that is read again costs no write.</summary>
    private static readonly TimeSpan OneStep = TimeSpan.FromMinutes(1);

    public async Task<Guid> Arrive(string campaign, string? entrance, Guid account, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var row = Row(campaign, entrance, account, now);
        database.Add(row);
        await database.SaveChangesAsync();
        return row.Id;
    }

    /// <summary>Start was pressed and nobody is taken: counted, with the reason. Whoever presses again from the same device is the same person who came.</summary>
    /// <param name="account">Empty where the device is not known; nobody gets an account for being turned back.</param>
    /// <param name="reason">Why, and where to instead, in codes.</param>
    public async Task TurnBack(string campaign, string? entrance, Guid account, string reason, DateTimeOffset now)
    {
        var (since, at) = ((now - policy.Clocks.Door).Ms(), now.Ms());
        await using var database = await databases.CreateDbContextAsync();
        if (account != Guid.Empty && await database.Set<DoorRow>().Where(d => d.Account == account && d.Campaign == campaign && d.TurnedBack != null && d.LastStepAt > since)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.LastStepAt, at)) > 0)
        {
            return;
        }

        var row = Row(campaign, entrance, account, now);
        row.TurnedBack = reason;
        database.Add(row);
        await database.SaveChangesAsync();
    }

    /// <summary>Null where it is not theirs, or where they were turned back.</summary>
    public async Task<DoorRow?> Find(Guid id, Guid account)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<DoorRow>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == id && d.Account == account && d.TurnedBack == null);
    }

    /// <summary>Somebody does the next thing at the door: reads the consent, ticks, says who is ill.</summary>
    public async Task<DoorRow?> Step(Guid id, Guid account, DateTimeOffset now)
    {
        var row = await Find(id, account);
        if (row is not null && now - row.LastStepAt.Utc() >= OneStep)
        {
            var at = now.Ms();
            await using var database = await databases.CreateDbContextAsync();
            await database.Set<DoorRow>().Where(d => d.Id == id && d.LastStepAt < at).ExecuteUpdateAsync(set => set.SetProperty(d => d.LastStepAt, at));
        }

        return row;
    }

    /// <summary>What the information desk says was enough. Whoever asks a doctor after all is counted as one who has opened.</summary>
    public async Task<bool> Answered(Guid id, Guid account, DateTimeOffset now)
    {
        var at = now.Ms();
        await using var database = await databases.CreateDbContextAsync();
        return await database.Set<DoorRow>().Where(d => d.Id == id && d.Account == account && d.TurnedBack == null)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.LastStepAt, at).SetProperty(d => d.AnsweredAt, at)) == 1;
    }

    public static DoorRow Row(string campaign, string? entrance, Guid account, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Campaign = campaign,
        Entrance = entrance is { Length: > 0 and <= LongestEntrance } && !entrance.Any(char.IsControl) ? entrance : "link",
        Account = account,
        StartedAt = now.Ms(),
        LastStepAt = now.Ms(),
    };
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// The count at an entrance. Where a campaign sets shares or a total, or a partner's key a number of people a day, whoever presses Start is counted behind the campaign's row, so that many at once, and
/// several nodes, let in no more than the rule says. Over it nobody is left with a bare no: an hour is promised and kept, or the ways elsewhere are named.
/// </summary>
internal sealed class LetIn(IDbContextFactory<Database> databases, Patients patients, CampaignRules rules, Deployment deployment)
{
    /// <summary>In the door's row: has the promise of an hour.</summary>
    public const string Promised = "over_quota:promised";

    /// <summary>In the door's row: no hour had room.</summary>
    public const string Elsewhere = "over_quota:elsewhere";

    /// <summary>In the door's row: said that it cannot wait; or came at the hour that was promised.</summary>
    public const string Urgent = "urgent";
    private const string AsPromised = "promised";

    /// <summary>A promise is good for a day after its hour.</summary>
    private static readonly TimeSpan Good = TimeSpan.FromDays(1);

    /// <summary>The place that somebody was promised; null where none was. At its hour, or urgent, they are in: nothing else is asked, also of a campaign that has been paused since.</summary>
    public async Task<Asked?> AsPromisedAsync(string campaign, Guid account, bool urgent, DateTimeOffset now)
    {
        if (account == Guid.Empty)
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync();
        if (await Of(database, campaign, account, now).FirstOrDefaultAsync() is not { } row)
        {
            return null;
        }

        var (at, early) = (now.Ms(), row.ComesAt > now.Ms());
        if (early && !urgent)
        {
            return new Asked(row.Id, null, row.ComesAt?.Utc());
        }

        var how = early ? Urgent : AsPromised;
        await database.Set<DoorRow>().Where(d => d.Id == row.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.TurnedBack, (string?)null).SetProperty(d => d.LetIn, how).SetProperty(d => d.LastStepAt, at));
        return new Asked(row.Id, null, null);
    }

    /// <summary>The hour that somebody was promised and has not come at; null where none was. Writes nothing.</summary>
    public async Task<DateTimeOffset?> PromisedAsync(string campaign, Guid account, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return (await Of(database, campaign, account, now).Select(d => d.ComesAt).FirstOrDefaultAsync(ct))?.Utc();
    }

    /// <summary>Counted, and let in or promised an hour; null where no hour within reach has room.</summary>
    /// <param name="account">Empty for a device that is not known: it becomes known, unless nothing can be given to it.</param>
    public async Task<Asked?> AskAsync(Campaign campaign, IReadOnlyList<EntranceRow> entrances, string entrance, Guid account, StartAsk ask, string lang, DateTimeOffset now)
    {
        var urgent = ask.Urgent;
        await using var database = await databases.CreateDbContextAsync();
        using var turn = await deployment.Engine.WriterAsync(CancellationToken.None);
        await using var counted = await database.Database.BeginTransactionAsync();
        await database.Database.ExecuteSqlAsync($"update campaign set state = state where slug = {campaign.Slug}");
        if (!urgent && ask.Day is { } day && await CountAsync(database, campaign.Slug, entrance, day.Since) >= day.Most)
        {
            return null;
        }

        if (await RoomAsync(database, campaign, entrances, entrance, urgent, now) is not { } at)
        {
            return null;
        }

        var (who, token) = account != Guid.Empty ? (account, null) : patients.Arrival(database, lang, now);
        var row = Doorstep.Row(campaign.Slug, entrance, who, now);
        row.LetIn = urgent ? Urgent : null;
        row.TurnedBack = at > now ? Promised : null;
        row.ComesAt = at > now ? at.Ms() : null;
        database.Add(row);
        await database.SaveChangesAsync();
        await counted.CommitAsync();
        return new Asked(row.Id, token, at > now ? at : null);
    }

    /// <summary>Let in or promised a place since then; urgent people are not counted.</summary>
    private static Task<int> CountAsync(Database database, string campaign, string entrance, long since) =>
        database.Set<DoorRow>().CountAsync(d => d.Campaign == campaign && d.Entrance == entrance && d.StartedAt >= since && d.LetIn != Urgent && (d.TurnedBack == null || d.TurnedBack == Promised));

    private static IQueryable<DoorRow> Of(Database database, string campaign, Guid account, DateTimeOffset now)
    {
        var oldest = (now - Good).Ms();
        return database.Set<DoorRow>().AsNoTracking().Where(d => d.Account == account && d.Campaign == campaign && d.TurnedBack == Promised && d.ComesAt > oldest).OrderBy(d => d.ComesAt);
    }

    /// <summary>Now, or the beginning of the first hour with room at which the campaign is open; null where there is none within reach.</summary>
    private async Task<DateTimeOffset?> RoomAsync(Database database, Campaign campaign, IReadOnlyList<EntranceRow> entrances, string entrance, bool urgent, DateTimeOffset now)
    {
        for (var ahead = 0; ahead <= rules.PromiseHours; ahead++)
        {
            var (from, to) = Entrances.Hour(now.AddHours(ahead));
            var at = ahead == 0 ? now : from.Utc();
            if (!campaign.TakesAt(at, deployment.Zone))
            {
                continue;
            }

            var taken = await Entrances.Taken(database, campaign.Slug, from, to, CancellationToken.None);
            List<EntranceUse> uses = [.. entrances.Where(e => !e.Closed).Select(e => new EntranceUse(e.Code, e.PerHour, taken.GetValueOrDefault(e.Code)))];
            uses.AddRange(taken.Where(t => !uses.Exists(u => u.Code == t.Key)).Select(t => new EntranceUse(t.Key, null, t.Value)));
            if ((urgent && ahead == 0) || Quota.Admits(entrance, uses, campaign.Terms.PerHour))
            {
                return at;
            }
        }

        return null;
    }
}

/// <param name="Token">Of a device that has become known; null where it was.</param>
/// <param name="ComesAt">When they are let in; null: now.</param>
internal sealed record Asked(Guid Id, string? Token, DateTimeOffset? ComesAt);

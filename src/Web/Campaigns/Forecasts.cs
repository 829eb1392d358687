using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// The forecast of the wait as this node has it: fed from the heads whenever somebody asks and it is older than some seconds. Nothing of it is stored.
/// After a start it learns from those who got a clinician within the last day; who left in that time is not known any more.
/// </summary>
internal sealed class Forecasts(IDbContextFactory<Database> databases, ComingHours coming, ForecastRules rules) : IDisposable
{
    private const long FreshMs = 3_000;
    /// <summary>The roster is of now: it tells nothing of those who came long ago.</summary>
    private const long JustNowMs = 60_000;
    private const long OverlapMs = 60_000;
    private static readonly long Remembered = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Forecast forecast = new(rules);
    private readonly Dictionary<Guid, int?> here = [];
    private readonly Dictionary<Guid, long> begun = [];
    private long? read;
    private long last;

    /// <returns>What this person was told when they joined; null while too little is known of people like them.</returns>
    public async Task<(DateTimeOffset Since, Told Told)?> ToldTo(ConsultationId id, DateTimeOffset now, CancellationToken ct) =>
        await Ask(now, f => f.ToldTo(id.Value) is var (since, told) ? (since.Utc(), told) : ((DateTimeOffset, Told)?)null, ct);

    /// <summary>How often the truth was told, within the last day.</summary>
    public async Task<Hits> Hits(DateTimeOffset now, CancellationToken ct) => await Ask(now, f => f.Hits.Latest(now.Ms()), ct);

    public void Dispose() => turn.Dispose();

    private async Task<T> Ask<T>(DateTimeOffset now, Func<Forecast, T> answer, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (read is not { } at || now.Ms() - at >= FreshMs || now.Ms() < at)
            {
                await Feed(now.Ms(), ct);
                read = now.Ms();
            }

            return answer(forecast);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Feed(long now, CancellationToken ct)
    {
        // A commit may become visible a little after the time that it carries.
        var since = read is { } at ? at - OverlapMs : now - Remembered;
        var waits = Bucket.Waiting.Code();
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = database.Set<Head>().AsNoTracking().Where(h => h.ArrivedAt != null);
        var waiting = await heads.Where(h => h.Bucket == waits && h.FirstAssignedAt == null).Select(h => new Coming(h.Id, h.Urgency, h.Need, h.Channel, h.ArrivedAt ?? 0, null, h.Region, h.Organisation, h.Campaign)).ToListAsync(ct);
        var started = await heads.Where(h => h.FirstAssignedAt > since && h.Promise == null).Select(h => new Coming(h.Id, h.Urgency, h.Need, h.Channel, h.ArrivedAt ?? 0, h.FirstAssignedAt, h.Region, h.Organisation, h.Campaign)).ToListAsync(ct);
        started.RemoveAll(s => begun.ContainsKey(s.Id));

        // Who is neither waiting nor begun has left, or has a date.
        var seen = waiting.Concat(started).Select(c => c.Id).ToHashSet();
        foreach (var gone in here.Keys.Where(id => !seen.Contains(id)).ToList())
        {
            here.Remove(gone);
            forecast.Left(gone, At(now));
        }

        var seats = await coming.Seats(ct);
        var comings = waiting.Concat(started).Where(c => !here.TryGetValue(c.Id, out var urgency) || urgency != c.Urgency).Select(c => (At: here.ContainsKey(c.Id) ? now : c.Arrived, Starts: false, Who: c));
        foreach (var (when, starts, who) in comings.Concat(started.Select(s => (At: s.Began ?? now, Starts: true, Who: s))).OrderBy(e => e.At).ThenBy(e => e.Starts).ThenBy(e => e.Who.Id).ToList())
        {
            if (starts)
            {
                here.Remove(who.Id);
                begun[who.Id] = when;
                forecast.Started(who.Id, At(when));
            }
            else
            {
                here[who.Id] = who.Urgency;
                forecast.Joined(who.Id, (Urgency)(who.Urgency ?? (int)Urgency.Routine), who.Need, who.Channel, At(when), now - when <= JustNowMs && who.Began is null ? seats(who.Alike) : null);
            }
        }

        foreach (var old in begun.Where(b => b.Value < now - Remembered).Select(b => b.Key).ToList())
        {
            begun.Remove(old);
        }
    }

    /// <summary>The forecast's time never goes back, whatever order commits became visible in.</summary>
    private long At(long at) => last = Math.Max(last, at);

    /// <param name="Began">When the first clinician took them; null while they wait.</param>
    private sealed record Coming(Guid Id, int? Urgency, string Need, string Channel, long Arrived, long? Began, string? Region, Guid Organisation, string Campaign)
    {
        private const int ProvinceDigits = 2;

        /// <summary>What their seats hang on.</summary>
        public PeopleAlike Alike => new(Need, "", Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null, Channel, Rules.Triage.Urgency.Routine, 0, 0, Organisation, Campaign);
    }
}

using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Statistics;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Statistics;

/// <summary>Which campaigns and days; nothing finer is asked for, because nothing finer is published.</summary>
/// <param name="Campaign">Null: all of them.</param>
internal sealed record Asked(string? Campaign, DateOnly? From, DateOnly? To)
{
    public bool Takes(Cube cube) => (Campaign is null || cube.Campaign == Campaign) && !(cube.Day < From) && !(cube.Day > To);
}

/// <summary>One moment: the ledger of everything, what is published of each campaign's days, and every change of duty so far.</summary>
internal sealed record PictureAt(DateTimeOffset At, DateOnly Today, Ledger Ledger, PictureRecount Recount, ImmutableArray<Cube> Cubes, ImmutableArray<DutyChange> Duties);

/// <summary>
/// The picture, from the ledger and the statistical codes of one snapshot. The codes are held in memory only and read on from what has changed;
/// a look costs nothing while it is fresh, and nobody's looking costs the log anything. A fresh program that reads everything finds the same.
/// </summary>
internal sealed class LivePicture(StatisticalCodes codes, Vault vault, LightConsultation policy, DispatchRules dispatch, PictureRules rules, Populations populations, PageSettings settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A recount reads every fact.</summary>
    private static readonly TimeSpan RecountEvery = TimeSpan.FromMinutes(1);

    /// <summary>Clocks of several nodes differ, and a commit comes after its time was read: what changed shortly before is read again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Dictionary<Guid, (long Version, Counted Counted)> known = [];
    private readonly Dictionary<(string, DateOnly), HashSet<Guid>> days = [];
    private readonly Dictionary<(string, DateOnly), (Cube Cube, bool Running)> cubes = [];
    private readonly SortedDictionary<long, DutyChange> duties = [];
    private PictureAt? picture;
    private PictureRecount? recounted;
    private long since;

    public async Task<PictureAt> Look(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            return picture is { } made && now >= made.At && now - made.At < Fresh ? made : picture = await Make(now, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What is told of the campaigns and days asked for.</summary>
    public async Task<PictureFigures> Figures(Asked asked, CancellationToken ct) => await Figures(await Look(ct), asked, ct);

    /// <summary>The same of a moment that was looked at before.</summary>
    public async Task<PictureFigures> Figures(PictureAt picture, Asked asked, CancellationToken ct) => PictureFigures.Of(picture, asked, rules, await populations.Now(ct), settings.Zone);

    /// <summary>The day here at that moment.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, settings.Zone).DateTime);

    public void Dispose() => turn.Dispose();

    private async Task<PictureAt> Make(DateTimeOffset now, CancellationToken ct)
    {
        var read = await codes.ReadAsync(since, (id, version) => known.TryGetValue(id, out var before) && before.Version == version, recounted is not { } last || now - last.At >= RecountEvery, now, policy.Clocks.Door, ct);
        recounted = read.Recount is { } recount ? new PictureRecount(now, recount == read.Ledger && recount.Holds) : recounted ?? throw new InvalidOperationException("The first look recounts.");
        var today = Day(now);
        var touched = cubes.Where(c => c.Value.Running && c.Key.Item2 < today).Select(c => c.Key).ToHashSet();
        foreach (var one in read.Changed)
        {
            var counted = Count(one);
            if (known.TryGetValue(one.Told.Id.Value, out var before) && before.Counted is { } was)
            {
                days[(was.Campaign, was.Day)].Remove(one.Told.Id.Value);
                touched.Add((was.Campaign, was.Day));
            }

            known[one.Told.Id.Value] = (one.Version, counted);
            (days.TryGetValue((counted.Campaign, counted.Day), out var there) ? there : days[(counted.Campaign, counted.Day)] = []).Add(one.Told.Id.Value);
            touched.Add((counted.Campaign, counted.Day));
        }

        foreach (var (campaign, day) in touched)
        {
            cubes[(campaign, day)] = (Cube.Of(campaign, day, [.. days[(campaign, day)].Select(id => known[id].Counted)], day >= today, rules.Fewest, Lot), day >= today);
        }

        foreach (var (seq, change) in read.Duties)
        {
            duties[seq] = change;
        }

        since = (now - Overlap).Ms();
        return new PictureAt(now, today, read.Ledger, recounted, [.. cubes.Values.Select(c => c.Cube).OrderBy(c => c.Day).ThenBy(c => c.Campaign, StringComparer.Ordinal)], [.. duties.Values]);
    }

    private Counted Count(CodesOf one) => Counted.Of(
        one.Told,
        TimeZoneInfo.ConvertTime(one.OpenedAt.Utc(), settings.Zone),
        Enum.GetValues<Bucket>().First(b => b.Code() == one.Bucket),
        new WaitedFor(one.ArrivedAt, one.FirstAssignedAt, dispatch.Target((Urgency)(one.Urgency ?? (int)Urgency.Routine))));

    private int Lot(string words) => vault.Digest("picture", words)[0] % Breakdown.Lots;
}

using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Who is on duty, kept from turn to turn as dispatch keeps who waits: a turn reads whose duty has changed or who was given somebody; signs of
/// life, which come from everybody every few seconds, are read when somebody looks for who is lost; and from time to time all of it is read anew, with what
/// each may take and when their shift ends. For one loop; not for several threads.
/// </summary>
internal sealed class DutySeen(IDbContextFactory<Database> databases, StaffRoster roster, Shifts shifts, DispatchRules rules)
{

    /// <summary>Who is no longer active has nobody open after so long; given somebody they are not at all.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(4);

    private readonly Dictionary<Guid, DutyRow> duty = [];
    private readonly Dictionary<Guid, RosterEntry> staff = [];
    private readonly Dictionary<Guid, long> ends = [];
    private List<DutyRow> inOrder = [];
    private (long Duty, long Signs)? read;
    private long whole;
    private double tookMs;

    /// <summary>Everybody who is not off, whoever came first before the others.</summary>
    public IReadOnlyList<DutyRow> Here => inOrder;

    public DutyRow? Of(Guid clinician) => duty.GetValueOrDefault(clinician);

    /// <summary>Of whoever is here; null where the account is not active.</summary>
    public RosterEntry? Who(Guid clinician) => staff.GetValueOrDefault(clinician);

    /// <summary>When the shift ends, UTC milliseconds; the end of time without one.</summary>
    public long EndsAt(Guid clinician) => ends.GetValueOrDefault(clinician, long.MaxValue);

    /// <summary>Brings the view up to date.</summary>
    /// <param name="signs">Signs of life too.</param>
    public async Task Look(DateTimeOffset now, bool signs, CancellationToken ct)
    {
        var last = read;
        // What is broken off halfway is no view: the next turn reads everything.
        read = null;
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = database.Set<DutyRow>().AsNoTracking();
        if (last is not { } since || now.Ms() < since.Duty || Stopwatch.GetElapsedTime(whole) is var ago && (ago >= Latest || rules.Reading.IsDue(ago.TotalMilliseconds, tookMs)))
        {
            await All(rows, now, ct);
            read = (now.Ms(), now.Ms());
            return;
        }

        var (changed, signed) = (since.Duty - rules.Reading.OverlapMs, signs ? since.Signs - rules.Reading.OverlapMs : long.MaxValue);
        await Changed(await rows.Where(d => d.Since >= changed || d.LastAssignedAt >= changed || d.LastSignAt >= signed).ToListAsync(ct), now, ct);
        read = (now.Ms(), signs ? now.Ms() : since.Signs);
    }

    /// <summary>Whether the accounts of those who are to be given somebody are as they were seen. If not, nobody is given by this view, and the next look reads everything.</summary>
    public async Task<bool> AreStill(IEnumerable<Guid> clinicians, CancellationToken ct)
    {
        var chosen = clinicians.Distinct().ToList();
        var now = chosen.Count == 0 ? ImmutableDictionary<Guid, RosterEntry>.Empty : await roster.Of(chosen, ct);
        if (chosen.TrueForAll(id => now.TryGetValue(id, out var entry) && Who(id) is { } seen && entry.IsLike(seen)))
        {
            return true;
        }

        read = null;
        return false;
    }

    private async Task All(IQueryable<DutyRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        duty.Clear();
        staff.Clear();
        ends.Clear();
        foreach (var row in await rows.Where(d => d.State != "off").ToListAsync(ct))
        {
            duty[row.Clinician] = row;
        }

        await Came(duty.Values, now, ct);
        whole = Stopwatch.GetTimestamp();
        tookMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task Changed(List<DutyRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        var came = new List<DutyRow>();
        var went = false;
        foreach (var row in rows)
        {
            if (row.State == "off")
            {
                went |= duty.Remove(row.Clinician);
                continue;
            }

            if (!duty.TryGetValue(row.Clinician, out var known) || known.Since != row.Since)
            {
                came.Add(row);
            }

            duty[row.Clinician] = row;
        }

        if (came.Count > 0)
        {
            await Came(came, now, ct);
        }
        else if (went || rows.Count > 0)
        {
            Order();
        }
    }

    /// <summary>Came, or began something else: what they may take and until when is read.</summary>
    private async Task Came(IReadOnlyCollection<DutyRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var row in rows)
        {
            staff.Remove(row.Clinician);
            ends.Remove(row.Clinician);
        }

        foreach (var (clinician, entry) in await roster.Of(rows.Select(d => d.Clinician), ct))
        {
            staff[clinician] = entry;
        }

        foreach (var (clinician, end) in await shifts.Ends(rows.ToDictionary(d => d.Clinician, d => d.Since), now, ct))
        {
            ends[clinician] = end;
        }

        Order();
    }

    private void Order() => inOrder = [.. duty.Values.OrderBy(d => d.Since).ThenBy(d => d.Place)];
}

using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;
using Yizhen.Web.Page;

namespace Yizhen.Web.Directories;

/// <param name="Place">Name of its district.</param>
/// <param name="OldList">Published too long ago, or without a date.</param>
public sealed record HospitalNear(NearHospital Near, string Place, bool OldList);

/// <summary>The nearest hospitals by district, ready to be read.</summary>
/// <param name="Where">The person's place, in words.</param>
/// <param name="More">The page of all of them.</param>
/// <param name="HealthLine">To ask where no list helps.</param>
public sealed record HospitalsNear(ImmutableArray<HospitalNear> Hospitals, string Where, string? More, Sought Sought, string HealthLine);

/// <summary>Looks up which hospitals of the directory are nearest to a district on a day.</summary>
internal sealed class NearHere(Shelf shelf, Places places, DirectoryRules rules, TimeProvider clock)
{
    /// <param name="where">Six-digit code.</param>
    /// <param name="day">By which own-district rules and the age of lists are judged: today, or the day that a rehearsal has pinned.</param>
    /// <param name="slug">Of the campaign whose page lists all of them.</param>
    public async Task<HospitalsNear> Outcome(string where, Sought sought, DateOnly day, string slug, Lang t, CancellationToken ct) =>
        new(await Of(where, sought, day, rules.Nearest, ct), places.Find(where)?.In(t.Code) ?? "", $"/c/{slug}/clinics?at={where}{(sought == Sought.InPerson ? "&all" : "")}", sought, rules.HealthLine);

    public async Task<ImmutableArray<HospitalNear>> Of(string where, Sought sought, DateOnly day, int most, CancellationToken ct)
    {
        var hospitals = await shelf.HospitalsAsync(ct);
        var said = await shelf.StatementsAsync(null, ct);
        return [.. hospitals.Nearest(where, sought, places, said, rules, day, clock.GetUtcNow(), most)
            .Select(n => new HospitalNear(n, places.Find(n.Hospital.District)?.Name ?? "", n.Hospital.IsOldOn(day, rules.ListOldDays)))];
    }
}

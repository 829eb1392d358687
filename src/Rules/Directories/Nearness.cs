using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Directories;

/// <summary>What somebody is sent to.</summary>
public enum Sought
{
    FeverClinic,
    /// <summary>Seen in person, whatever it is.</summary>
    InPerson,
}

/// <summary>How near, as far as a list of districts can say.</summary>
public enum Near
{
    SameDistrict,
    SameCity,
    Around,
}

/// <param name="Bound">Takes only people of its own district on this day, and this person stands in another.</param>
/// <param name="Said">The hospital's newest statement, old or not.</param>
/// <param name="SaidLongAgo">That statement is old, and has moved nobody in the order.</param>
public sealed record NearHospital(Hospital Hospital, Near Near, double? Km, bool Bound, HospitalStatement? Said, bool SaidLongAgo);

/// <summary>
/// Which hospitals are nearest by district: the same district, then the same city, then by the distance of the districts' centres. It ranks; it knows no door, no road
/// and no bed, and whoever shows it says so.
/// </summary>
public static class Nearness
{
    /// <param name="at">Six-digit code of the person's district; of a city or province where they said no more.</param>
    /// <param name="said">The newest statement of each hospital that has made one.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>First those that take this person; who has lately said that it is closed, or takes only its own district, comes last.</returns>
    public static ImmutableArray<NearHospital> Nearest(
        this IEnumerable<Hospital> hospitals, string at, Sought sought, Places places, IReadOnlyDictionary<Guid, HospitalStatement> said, DirectoryRules rules, DateOnly day, DateTimeOffset now, int most)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(rules);
        var here = places.CentreOf(at);
        return
        [
            .. (from hospital in hospitals
               where sought == Sought.InPerson || hospital.Kind != HospitalKind.Hospital
               let near = NearOf(hospital.District, at, places)
               let km = Km(here, places.CentreOf(hospital.District))
               where near != Near.Around || km <= rules.FarthestKm
               let statement = said.GetValueOrDefault(hospital.Key)
               let old = statement?.IsOldAt(now, rules) ?? false
               let bound = hospital.IsBoundOn(day) && near != Near.SameDistrict
               orderby bound || statement is { Open: false } && !old, near, Suits(hospital.Kind, sought), km ?? double.MaxValue, hospital.Name, hospital.Key
               select new NearHospital(hospital, near, km, bound, statement, old)).Take(most),
        ];

        static int Suits(HospitalKind kind, Sought sought) => sought == Sought.InPerson ? -(int)kind : (int)kind;

        static double? Km(Centre? one, Centre? other) => one is { } from && other is { } to ? from.KmTo(to) : null;
    }

    private static Near NearOf(string district, string at, Places places) =>
        district == at ? Near.SameDistrict : places.SameCity(district, at) ? Near.SameCity : Near.Around;
}

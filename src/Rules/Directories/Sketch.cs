using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Directories;

/// <summary>A point of the sketch, in its own units.</summary>
/// <param name="Count">Hospitals whose list names this district.</param>
/// <param name="Anchor">start or end: on which side of the point the label stands. Null: no room for one, and the list says the name.</param>
public sealed record SketchPoint(double X, double Y, string Name, int Count, string? Anchor);

/// <summary>
/// Where the districts of a list lie to each other, as a picture. A point is the centre of a district and stands for all of its hospitals; north is up.
/// </summary>
/// <param name="Here">The person's own district.</param>
/// <param name="KmWide">Kilometres from the left edge to the right.</param>
public sealed record Sketch(SketchPoint? Here, ImmutableArray<SketchPoint> Points, double KmWide)
{
    public const double Width = 360;
    public const double Height = 240;

    private const double Edge = 34;
    private const double Letter = 13;
    private const double Line = 17;
    private const double Gap = 12;
    private const double LeastKm = 6;

    /// <summary>Null where there are fewer than two places to tell apart.</summary>
    public static Sketch? Of(string where, IReadOnlyCollection<NearHospital> hospitals, Places places)
    {
        ArgumentNullException.ThrowIfNull(hospitals);
        ArgumentNullException.ThrowIfNull(places);
        var groups = hospitals.GroupBy(h => h.Hospital.District)
            .Select(g => (Code: g.Key, Centre: places.CentreOf(g.Key), Count: g.Count())).Where(g => g.Centre is not null)
            .Select(g => (g.Code, Centre: g.Centre.GetValueOrDefault(), g.Count)).ToList();
        if (places.CentreOf(where) is not { } here || !groups.Exists(g => g.Centre != here))
        {
            return null;
        }

        var all = groups.Select(g => g.Centre).Append(here).ToList();
        var middle = new Centre((all.Min(c => c.Latitude) + all.Max(c => c.Latitude)) / 2, (all.Min(c => c.Longitude) + all.Max(c => c.Longitude)) / 2);
        var (wide, high) = (all.Max(c => Math.Abs(East(middle, c))) * 2, all.Max(c => Math.Abs(North(middle, c))) * 2);
        var km = Math.Max(LeastKm, Math.Max(wide * Width / (Width - (2 * Edge)), high * Width / (Height - (2 * Edge))));
        var scale = Width / km;

        var taken = new List<(double Left, double Top, double Right, double Bottom)>();
        SketchPoint Put(Centre centre, string name, int count)
        {
            var (x, y) = ((Width / 2) + (East(middle, centre) * scale), (Height / 2) - (North(middle, centre) * scale));
            var length = (name.Length + (count > 0 ? 3 : 0)) * Letter;
            var anchor = Fits(x + Gap, y, length) ? "start" : Fits(x - Gap - length, y, length) ? "end" : null;
            taken.Add((x - Gap, y - Gap, x + Gap, y + Gap));
            return new(Math.Round(x, 1), Math.Round(y, 1), name, count, anchor);
        }

        bool Fits(double left, double y, double length)
        {
            var box = (Left: left, Top: y - (Line / 2), Right: left + length, Bottom: y + (Line / 2));
            if (box.Left < 0 || box.Right > Width || taken.Any(t => t.Left < box.Right && box.Left < t.Right && t.Top < box.Bottom && box.Top < t.Bottom))
            {
                return false;
            }

            taken.Add(box);
            return true;
        }

        var own = Put(here, places.Find(where)?.Name ?? where, groups.FirstOrDefault(g => g.Centre == here).Count);
        return new(own, [.. groups.Where(g => g.Centre != here).OrderBy(g => g.Centre.KmTo(here)).Select(g => Put(g.Centre, places.Find(g.Code)?.Name ?? g.Code, g.Count))], km);
    }

    private static double East(Centre from, Centre to) => (to.Longitude - from.Longitude) * Centre.Narrowing(from.Latitude) * Centre.KmPerDegree;

    private static double North(Centre from, Centre to) => (to.Latitude - from.Latitude) * Centre.KmPerDegree;
}

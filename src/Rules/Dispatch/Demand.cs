using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>Somebody who came lately: who is still to come is drawn from them. Times in UTC milliseconds.</summary>
/// <param name="OwnShift">Place of their own clinician among the shifts.</param>
public sealed record CameLately(Waiting Who, string Region, int? OwnShift);

/// <summary>
/// The hours to come, made from the hours that were: as many as came lately, up or down by the curve of a day, with the same urgencies, needs,
/// regions and channels; how long each takes and how long each would wait is drawn. The same seed is the same day.
/// </summary>
public static class Demand
{
    private const int Hour = 3600;
    private const int Second = 1000;
    private const int Hours = 24;

    /// <param name="lately">Who came in the last <see cref="PlanRules.LookBackHours"/>, in the order of arrival.</param>
    /// <param name="waiting">Who waits now.</param>
    /// <param name="hourOfDay">Of the deployment's zone, at <paramref name="now"/>.</param>
    /// <param name="now">UTC milliseconds.</param>
    /// <param name="past">Seconds of this hour that are over: the day begins at the full hour, so that its hours are those of the clock.</param>
    /// <param name="hours">How far it looks.</param>
    public static PlannedDay Day(
        IReadOnlyList<CameLately> lately, IReadOnlyList<CameLately> waiting, ImmutableArray<Shift> shifts, ImmutableArray<Running> running, PlanRules rules, int hourOfDay, long now, int past, int hours, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(lately);
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(rules);
        var chance = new Chance(seed);
        var begins = (now / Second) - past;
        var people = waiting.Select(w => Of(w, (int)((w.Who.ArrivedAt / Second) - begins), rules, ref chance)).Select(p => p with { PatienceSeconds = p.PatienceSeconds + past - p.At }).ToList();
        for (var hour = 0; hour < hours && lately.Count > 0; hour++)
        {
            var from = hour == 0 ? past : 0;
            var expected = lately.Count * Share(rules, hourOfDay, hour) * (Hour - from) / Hour;
            var coming = (int)expected + (chance.Next() < expected - Math.Floor(expected) ? 1 : 0);
            for (var n = 0; n < coming; n++)
            {
                people.Add(Of(lately[(int)(chance.Next() * lately.Count)], (hour * Hour) + from + (int)(chance.Next() * (Hour - from)), rules, ref chance));
            }
        }

        return new PlannedDay(begins, rules.Day, [.. people.OrderBy(p => p.At)], shifts, [], running);
    }

    /// <summary>Whom a hospital brings that joins: so many an hour, of the same mix.</summary>
    public static ImmutableArray<Coming> Brought(IReadOnlyList<CameLately> lately, int perHour, PlanRules rules, int hours, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(lately);
        var chance = new Chance(seed);
        var people = new List<Coming>();
        for (var n = 0; n < perHour * hours && lately.Count > 0; n++)
        {
            people.Add(Of(lately[(int)(chance.Next() * lately.Count)], (int)(chance.Next() * hours * Hour), rules, ref chance) with { OwnShift = null });
        }

        return [.. people.OrderBy(p => p.At)];
    }

    /// <summary>Of those who came in the hours that it looks back, the share that is expected in one whole hour to come, by the curve of a day.</summary>
    /// <param name="hour">From <paramref name="hourOfDay"/> on.</param>
    public static double Share(PlanRules rules, int hourOfDay, int hour)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return (double)rules.ByHour[Wrap(hourOfDay + hour)] / Math.Max(1, Enumerable.Range(1, rules.LookBackHours).Sum(back => rules.ByHour[Wrap(hourOfDay - back)]));
    }

    /// <summary>Who was promised an answer and has none yet: how long each takes is drawn.</summary>
    /// <param name="from">UTC milliseconds at which the day begins.</param>
    public static ImmutableArray<Dated> Promised(IEnumerable<(CameLately Like, long By, bool IsCallBack)> open, PlanRules rules, long from, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(rules);
        var chance = new Chance(seed);
        return [.. open.Select(o => new Dated(Of(o.Like, (int)((o.Like.Who.ArrivedAt - from) / Second), rules, ref chance), (int)((o.By - from) / Second), o.IsCallBack))];
    }

    private static int Wrap(int hour) => ((hour % Hours) + Hours) % Hours;

    private static Coming Of(CameLately like, int at, PlanRules rules, ref Chance chance)
    {
        var who = like.Who;
        var patience = rules.PatienceSeconds * (who.IsCall ? rules.CallPatience / 1000d : 1);
        // Work spread as two halves that each end by chance; patience as half that wait longer and half that do not.
        var work = rules.WorkSeconds * (chance.Waits() + chance.Waits()) / 2;
        return new Coming(at, who.Urgency, who.Need, who.Lang, like.Region, who.Area, who.Channel, Math.Max(30, (int)work), (int)(patience * chance.Waits() / Math.Log(2)), like.OwnShift, who.WasOffered, who.Organisation, who.Campaign);
    }

    /// <summary>Chance out of a seed: SplitMix64, which is the same on every machine.</summary>
    private struct Chance(ulong seed)
    {
        private ulong state = seed;

        /// <summary>0 to 1, without 1.</summary>
        public double Next()
        {
            unchecked
            {
                state += 0x9E3779B97F4A7C15;
                var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
            }
        }

        /// <summary>A time until something happens by chance; 1 on average.</summary>
        public double Waits() => -Math.Log(1 - Next());
    }
}

using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What one more clinician of a skill would be worth in one hour.</summary>
/// <param name="Hour">From the beginning of the day.</param>
/// <param name="Minutes">Weighted minutes of waiting that it takes away, giving up and dated answers counted as the rules of the day say.</param>
/// <param name="Kept">People who would not have given up or been put off.</param>
public sealed record WorthCell(string Skill, int Hour, double Minutes, int Kept);

/// <summary>
/// The value of a doctor-hour, read from a day that was played: one more clinician takes, hour by hour, whoever of those who waited is next; the
/// seat which that person would have got later goes to the next who waited then, and so on until somebody is reached who would have left, or nobody
/// waits. A first approximation, in which nobody else's order changes; it needs no further run, so all skills and hours are answered at once.
/// </summary>
public sealed class Worth
{
    private const int Hour = 3600;
    private const int Minute = 60;
    private const int Thousand = 1000;
    private const int LongestChain = 200;

    private readonly PlayedDay played;
    private readonly int?[] endOfFirst;
    private readonly int[] endOfSeat;
    private readonly int[] shiftOf;
    private readonly LentSeats lent;
    private readonly Dictionary<int, List<int>> byMinute = [];

    /// <summary>Whoever waited at all, in the order of arrival.</summary>
    private readonly List<int> waiters;

    private Worth(PlayedDay played)
    {
        this.played = played;
        var people = played.Day.People;
        endOfFirst = new int?[people.Length];
        (shiftOf, endOfSeat, lent) = (new int[people.Length], new int[people.Length], new LentSeats(played));
        foreach (var seat in played.Seated.Where(s => !s.Dated))
        {
            if (endOfFirst[seat.Person] is null)
            {
                (endOfFirst[seat.Person], endOfSeat[seat.Person], shiftOf[seat.Person]) = (seat.From, seat.To, seat.Shift);
            }
        }

        for (var n = 0; n < people.Length; n++)
        {
            for (var minute = Math.Max(0, people[n].At) / Minute; minute <= WaitEnds(n) / Minute; minute++)
            {
                if (!byMinute.TryGetValue(minute, out var list))
                {
                    byMinute[minute] = list = [];
                }

                list.Add(n);
            }
        }

        waiters = [.. Enumerable.Range(0, people.Length).Where(n => WaitEnds(n) > people[n].At)];
        foreach (var list in byMinute.Values)
        {
            list.Sort((a, b) => (people[a].Urgency, people[a].At, a).CompareTo((people[b].Urgency, people[b].At, b)));
        }
    }

    /// <param name="hours">From the beginning of the day.</param>
    public static ImmutableArray<WorthCell> Of(PlayedDay played, IEnumerable<string> skills, int hours)
    {
        ArgumentNullException.ThrowIfNull(played);
        var worth = new Worth(played);
        return [.. skills.SelectMany(skill => Enumerable.Range(0, hours).Select(hour => worth.Cell(skill, hour)))];
    }

    private WorthCell Cell(string skill, int hour)
    {
        var added = WhatIf.Added(skill, hour * Hour, (hour + 1) * Hour, "+");
        var (taken, swaps) = (new HashSet<int>(), new List<Swap>());
        var (seconds, kept) = (0d, 0);
        var now = added.From;
        while (now < added.To)
        {
            if (Next(added, now, taken, _ => true) is not { } person)
            {
                now = NextToWait(added, now);
                continue;
            }

            var (saved, held) = Chain(person, now, taken, swaps);
            (seconds, kept) = (seconds + saved, kept + held);
            now += Math.Max(1, (int)((long)played.Day.People[person].WorkSeconds * Thousand / AddedPace));
        }

        return new WorthCell(skill, hour, seconds / Minute, kept);
    }

    /// <summary>When the next comes who will have to wait, and whom this clinician could take; the end of the shift where nobody does.</summary>
    private int NextToWait(Shift shift, int now)
    {
        var (low, high) = (0, waiters.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = played.Day.People[waiters[middle]].At <= now ? (middle + 1, high) : (low, middle);
        }

        for (; low < waiters.Count && played.Day.People[waiters[low]].At < shift.To; low++)
        {
            if (Fits(shift, played.Day.People[waiters[low]], played.Day.People[waiters[low]].At))
            {
                return played.Day.People[waiters[low]].At;
            }
        }

        return shift.To;
    }

    /// <summary>Several chats at once get more done, in thousandths.</summary>
    private static int AddedPace => WhatIf.AddedSeats * Thousand * Thousand / (Thousand + (WhatIf.AddedSlowdown * (WhatIf.AddedSeats - 1)));

    /// <summary>Somebody is taken now; whose seat is free by that, and who takes it.</summary>
    private (double Seconds, int Kept) Chain(int first, int at, HashSet<int> taken, List<Swap> swaps)
    {
        var (seconds, person, now) = (0d, first, at);
        for (var length = 0; length < LongestChain; length++)
        {
            taken.Add(person);
            var (who, made) = (played.Day.People[person], played.People[person]);
            var weight = played.Day.Rules.Weight(who.Urgency);
            seconds += weight * (double)(WaitEnds(person) - now);
            if (endOfFirst[person] is not { } seat)
            {
                return (seconds + (weight * (double)DayFigures.Costs(made.End, played.Day.Rules)), 1);
            }

            now = seat;
            var (shift, own) = (played.Day.Shifts[shiftOf[person]], who.Organisation == played.Day.Shifts[shiftOf[person]].Organisation);
            bool? may = null;
            if (Next(shift, now, taken, n => !own || n.Organisation == shift.Organisation || (may ??= MayLend(shift, seat, swaps))) is not { } next)
            {
                return (seconds, 0);
            }

            if (own != (played.Day.People[next].Organisation == shift.Organisation))
            {
                swaps.Add(new Swap(shift, seat, endOfSeat[person], own ? 1 : -1));
            }

            person = next;
        }

        return (seconds, 0);
    }

    private int WaitEnds(int person) => endOfFirst[person] ?? played.People[person].EndedAt;

    /// <summary>The floor of what the lender keeps is looked at where the seat was its own people's until now.</summary>
    private bool MayLend(Shift shift, int now, List<Swap> swaps) => played.Day.Aid.Of(shift.Organisation, now) is not { } aid || lent.Let(shift, aid, now, swaps);

    private int? Next(Shift shift, int now, HashSet<int> taken, Func<Coming, bool> may)
    {
        foreach (var n in byMinute.GetValueOrDefault(now / Minute) ?? [])
        {
            var who = played.Day.People[n];
            if (who.At <= now && WaitEnds(n) > now && !taken.Contains(n) && Fits(shift, who, now) && may(who))
            {
                return n;
            }
        }

        return null;
    }

    private bool Fits(Shift shift, Coming who, int now) =>
        !who.IsCall && IsLent(shift, who, now) && shift.Skills.Contains(who.Need) && who.Urgency >= shift.MostUrgent && shift.Reach?.Holds(who.Campaign) != false && shift.Langs.Contains(who.Lang) && shift.Channels.Contains(who.Channel)
        && (who.Area is not { } area || shift.Licence.Contains("*") || shift.Licence.Contains(area));

    /// <summary>Their own, or by a rule of that moment.</summary>
    private bool IsLent(Shift shift, Coming who, int now) =>
        shift.Organisation == who.Organisation || played.Day.Aid.Of(shift.Organisation, now) is not { } aid || aid.Rules.Any(r => r.Covers(who.Campaign, who.Need, who.Area));
}

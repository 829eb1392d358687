namespace Yizhen.Rules.Dispatch;

/// <summary>One more seat lent, or one less, than on the day that was played. Seconds.</summary>
internal readonly record struct Swap(Shift By, int From, int To, int Seats);

/// <summary>
/// How many seats of each skill an organisation that lends by rules had on duty and had lent, second by second of a played day, and so what its floor leaves.
/// Whoever is silent or gone counts no more than live; whoever is tired still counts.
/// </summary>
internal sealed class LentSeats
{
    private readonly Dictionary<(Guid Organisation, string Skill), (int[] At, int[] Seats, int[] Lent)> of = [];

    public LentSeats(PlayedDay played)
    {
        var day = played.Day;
        var steps = new Dictionary<(Guid, string), List<(int At, int Seats, int Lent)>>();
        var away = day.Away.ToLookup(a => a.Shift);
        var seated = played.Seated.ToLookup(s => s.Shift);
        for (var n = 0; n < day.Shifts.Length; n++)
        {
            var shift = day.Shifts[n];
            foreach (var (from, to) in day.Aid.Rules.ContainsKey(shift.Organisation) ? There(shift, away[n], day.Rules) : [])
            {
                Add(shift, from, to, shift.Seats, 0);
                foreach (var seat in seated[n].Where(s => played.Who(s.Person).Organisation != shift.Organisation && s.From < to && s.To > from))
                {
                    Add(shift, Math.Max(from, seat.From), Math.Min(to, seat.To), 0, played.Who(seat.Person).IsCall ? shift.Seats : 1);
                }
            }
        }

        foreach (var (key, list) in steps)
        {
            var (seats, lent) = (0, 0);
            var sums = list.OrderBy(s => s.At).Select(s => (s.At, Seats: seats += s.Seats, Lent: lent += s.Lent)).ToList();
            of[key] = ([.. sums.Select(s => s.At)], [.. sums.Select(s => s.Seats)], [.. sums.Select(s => s.Lent)]);
        }

        void Add(Shift shift, int from, int to, int seats, int lent)
        {
            foreach (var skill in shift.Skills)
            {
                if (!steps.TryGetValue((shift.Organisation, skill), out var list))
                {
                    steps[(shift.Organisation, skill)] = list = [];
                }

                list.Add((from, seats, lent));
                list.Add((to, -seats, -lent));
            }
        }
    }

    /// <summary>One more seat of this clinician may be lent now: the floor of each of the clinician's skills stays, as <see cref="Reserves.Let"/> has it.</summary>
    /// <param name="swaps">What is lent more or less than on the day that was played.</param>
    public bool Let(Shift by, AidTerms aid, int now, List<Swap> swaps)
    {
        foreach (var skill in by.Skills)
        {
            var (seats, lent) = At((by.Organisation, skill), now);
            foreach (var swap in swaps)
            {
                lent += swap.From <= now && swap.To > now && swap.By.Organisation == by.Organisation && swap.By.Skills.Contains(skill) ? swap.Seats : 0;
            }

            if (lent + 1 > seats - aid.Floor(seats))
            {
                return false;
            }
        }

        return true;
    }

    private (int Seats, int Lent) At((Guid, string) key, int now)
    {
        if (!of.TryGetValue(key, out var known))
        {
            return (0, 0);
        }

        var (low, high) = (0, known.At.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = known.At[middle] <= now ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? (0, 0) : (known.Seats[low - 1], known.Lent[low - 1]);
    }

    /// <summary>When dispatch counts them as there.</summary>
    private static IEnumerable<(int From, int To)> There(Shift shift, IEnumerable<Away> away, DayRules rules)
    {
        var from = shift.From;
        foreach (var gone in away.OrderBy(a => a.From))
        {
            var missed = gone.Left ? gone.From : gone.From + rules.SilentSeconds;
            if (gone.Left || missed < gone.To)
            {
                if (missed > from && from < shift.To)
                {
                    yield return (from, Math.Min(missed, shift.To));
                }

                from = gone.Left ? int.MaxValue : Math.Max(from, gone.To);
            }
        }

        if (from < shift.To)
        {
            yield return (from, shift.To);
        }
    }
}

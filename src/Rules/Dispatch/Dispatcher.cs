using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// Who takes whom, now. Hard filters are never relaxed; then urgency, then waiting time; a clinician is bound as late as possible.
/// Pure and deterministic: the same waiting people, clinicians, rules and time give the same round. Order depends on integers only,
/// ties go by the order of arrival, never by an id.
/// </summary>
public static class Dispatcher
{
    private const string Any = "*";
    private const int ProvinceDigits = 2;

    public static Round Decide(IReadOnlyList<Waiting> waiting, IReadOnlyList<OnDuty> clinicians, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(clinicians);
        ArgumentNullException.ThrowIfNull(rules);
        var seats = clinicians.Select(c => c.Paused ? 0 : Math.Max(0, c.Seats - c.Taken)).ToArray();
        var rarity = Rarity(clinicians);
        var assignments = ImmutableArray.CreateBuilder<Assignment>();
        var unserved = ImmutableArray.CreateBuilder<Unserved>();
        var passedOver = new List<Guid>();
        foreach (var person in waiting.OrderBy(w => Rank(w, rules, now)).ThenBy(w => w.ArrivedAt).ThenBy(w => w.Order))
        {
            var (chosen, why, eligible, excluded) = Choose(person, clinicians, seats, rarity, rules, now);
            if (chosen < 0)
            {
                unserved.Add(new Unserved(person.Consultation, excluded));
                passedOver.Add(person.Consultation);
                continue;
            }

            seats[chosen]--;
            var clinician = clinicians[chosen];
            assignments.Add(new Assignment(person.Consultation, clinician.Clinician, clinician.Name, why, eligible, excluded, [.. passedOver]));
        }

        return new Round(now, assignments.ToImmutable(), unserved.ToImmutable());
    }

    /// <summary>The class that counts now: after its target has passed a class is lifted once, and never above urgency 2.</summary>
    public static int Rank(Waiting person, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(rules);
        var urgency = (int)person.Urgency;
        return urgency > (int)Urgency.Urgent && now - person.ArrivedAt > rules.Target(person.Urgency) ? urgency - 1 : urgency;
    }

    private static (int Chosen, string Why, int Eligible, ImmutableDictionary<string, int> Excluded) Choose(
        Waiting person, IReadOnlyList<OnDuty> clinicians, int[] seats, Dictionary<string, int> rarity, DispatchRules rules, long now)
    {
        var excluded = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var eligible = new List<int>();
        var own = -1;
        for (var i = 0; i < clinicians.Count; i++)
        {
            var unfit = Unfit(person, clinicians[i]);
            if (unfit is null && clinicians[i].Clinician == person.OwnClinician && !clinicians[i].Paused)
            {
                own = i;
            }

            unfit ??= clinicians[i].Paused ? "paused" : seats[i] <= 0 ? "full" : null;
            if (unfit is null)
            {
                eligible.Add(i);
            }
            else
            {
                excluded[unfit] = excluded.GetValueOrDefault(unfit) + 1;
            }
        }

        var counts = excluded.ToImmutableDictionary();
        if (eligible.Count == 0)
        {
            return (-1, "", 0, counts);
        }

        if (own >= 0 && eligible.Contains(own))
        {
            return (own, "own_clinician", eligible.Count, counts);
        }

        if (own >= 0 && now - person.ArrivedAt < rules.OwnClinician(person.Urgency))
        {
            return (-1, "", eligible.Count, counts.SetItem("waits_for_own", 1));
        }

        var best = eligible
            .OrderBy(i => Scarce(clinicians[i], person.Need, rarity))
            .ThenBy(i => Load(clinicians[i], seats[i]))
            .ThenBy(i => clinicians[i].LastAssignedAt)
            .ThenBy(i => clinicians[i].IdleSince)
            .ThenBy(i => i)
            .First();
        return (best, "urgency_then_wait", eligible.Count, counts);
    }

    /// <summary>The first hard filter that keeps this clinician from this person; null when none does.</summary>
    private static string? Unfit(Waiting person, OnDuty clinician) =>
        !clinician.Skills.Contains(person.Need) ? "skill"
        : !clinician.Langs.Contains(person.Lang) ? "language"
        : !clinician.Channels.Contains(person.Channel) ? "channel"
        : !Licensed(person, clinician) ? "licence"
        : null;

    /// <summary>A licence names provinces; a person abroad, or who did not say where, may be advised by anybody.</summary>
    private static bool Licensed(Waiting person, OnDuty clinician) =>
        person.Region is not { Length: >= ProvinceDigits } region || clinician.Licence.Contains(Any) || clinician.Licence.Contains(region[..ProvinceDigits]);

    /// <summary>How many clinicians on duty hold each skill: the fewer, the more it is spared for those who need it.</summary>
    private static Dictionary<string, int> Rarity(IReadOnlyList<OnDuty> clinicians)
    {
        var holders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var skill in clinicians.SelectMany(c => c.Skills.Distinct(StringComparer.Ordinal)))
        {
            holders[skill] = holders.GetValueOrDefault(skill) + 1;
        }

        return holders;
    }

    /// <summary>What would be used up beside the need itself: skills that less than half of those on duty hold.</summary>
    private static int Scarce(OnDuty clinician, string need, Dictionary<string, int> rarity)
    {
        var most = rarity.Values.DefaultIfEmpty(0).Max();
        return clinician.Skills.Count(skill => skill != need && rarity[skill] * 2 < most);
    }

    /// <summary>Share of the seats that is taken, in thousandths: integers, so that the order is the same everywhere.</summary>
    private static long Load(OnDuty clinician, int free) => clinician.Seats == 0 ? long.MaxValue : (clinician.Seats - free) * 1000L / clinician.Seats;
}

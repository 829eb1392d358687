using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What an organisation lends, as its operator has set it.</summary>
/// <param name="Campaign">Of another organisation, by its address; <see cref="Any"/>: each of them.</param>
/// <param name="Keep">Share of its seats on duty, of each skill, that stays for its own people, in percent, 0 to 100.</param>
/// <param name="Needs">What its clinicians may be asked for by others; empty: all that they serve.</param>
/// <param name="Areas">Provinces of the people, two digits; empty: everywhere, and also those who said none.</param>
/// <param name="From">First minute of the day in the deployment's zone; the same as <paramref name="To"/>: the whole day; later than it: over midnight.</param>
public sealed record AidRule(string Campaign, int Keep, ImmutableArray<string> Needs, ImmutableArray<string> Areas, TimeOnly From, TimeOnly To)
{
    public const string Any = "*";

    public bool Holds(TimeOnly at) => From == To || (From < To ? at >= From && at < To : at >= From || at < To);

    public bool Covers(string campaign, string need, string? area) =>
        (Campaign == Any || Campaign == campaign) && (Needs.IsEmpty || Needs.Contains(need)) && (Areas.IsEmpty || (area is not null && Areas.Contains(area)));
}

/// <summary>What an organisation lends at one moment.</summary>
/// <param name="Keep">The highest share that one of the rules in force keeps, in percent: one floor, whomever it lends to.</param>
public sealed record AidTerms(int Keep, ImmutableArray<AidRule> Rules)
{
    public const int Whole = 100;

    /// <summary>The same for the same terms: an organisation lends by others in the next hour.</summary>
    public string Key { get; } = $"{Keep}{string.Concat(Rules.Select(r => $";{r.Campaign}:{string.Join(',', r.Needs)}:{string.Join(',', r.Areas)}"))}";

    /// <summary>Null where the organisation has set no rule: then its clinicians are there for everybody. Whoever has set one lends by rules only, and outside their hours nothing.</summary>
    public static AidTerms? At(IReadOnlyCollection<AidRule> standing, TimeOnly at)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ImmutableArray<AidRule> now = [.. standing.Where(r => r.Holds(at))];
        return standing.Count == 0 ? null : new AidTerms(now.Select(r => r.Keep).DefaultIfEmpty(Whole).Max(), now);
    }

    public bool Lend(Waiting person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Rules.Any(r => r.Covers(person.Campaign, person.Need, person.Area));
    }

    /// <summary>Of so many seats, these stay: rounded up, so that a share of one seat keeps the seat.</summary>
    public int Floor(int seats) => ((seats * Keep) + Whole - 1) / Whole;
}

/// <summary>
/// How many seats each organisation has lent, of each skill, and whether one more may be: the floor is looked at before each decision and never given up.
/// A clinician of several skills counts for each of them, so that no skill of a lender is lent away whole. A call takes all the seats of a clinician.
/// </summary>
internal sealed class Reserves
{
    private readonly Dictionary<(Guid Organisation, string Skill), (int Seats, int Lent)> of = [];

    public static Reserves Of(IEnumerable<OnDuty> staff)
    {
        var reserves = new Reserves();
        foreach (var who in staff.Where(c => !c.Paused))
        {
            reserves.Add(who, who.Seats, who.Lent);
        }

        return reserves;
    }

    /// <summary>Seats that a consultation takes from its clinician's organisation; 0 where it is its own.</summary>
    public static int Taken(OnDuty by, Waiting who) => by.Organisation == who.Organisation ? 0 : who.IsCall ? by.Seats : 1;

    public void Add(OnDuty who, int seats, int lent)
    {
        if (who.Aid is null)
        {
            return;
        }

        foreach (var skill in who.Skills)
        {
            var (before, away) = of.GetValueOrDefault((who.Organisation, skill));
            of[(who.Organisation, skill)] = (before + seats, away + lent);
        }
    }

    /// <summary>Lending this clinician to this person leaves the floor of each of the clinician's skills.</summary>
    public bool Let(OnDuty by, Waiting who)
    {
        if (by.Aid is not { } aid || Taken(by, who) is not (> 0 and var takes))
        {
            return true;
        }

        foreach (var skill in by.Skills)
        {
            var (seats, lent) = of.GetValueOrDefault((by.Organisation, skill));
            if (lent + takes > seats - aid.Floor(seats))
            {
                return false;
            }
        }

        return true;
    }
}

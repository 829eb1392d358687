using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <content>Own clinicians: taken when free and nobody more urgent may have them, awaited for a little.</content>
public sealed partial class Pool
{
    private const string OwnClinician = "own_clinician";

    /// <returns>Whose own clinician is free and may be had by somebody more urgent: they come after those.</returns>
    private List<Person> ToOwn(ImmutableArray<Assignment>.Builder assigned, long now)
    {
        var later = new List<Person>();
        foreach (var person in withOwn.OrderBy(p => Rank(p.Who, rules, now)).ToList())
        {
            var ask = Ask(person, now);
            if (OwnSeat(person, ask) is not { } seat)
            {
                continue;
            }

            if (IsWanted(seat, ask.Rank, now))
            {
                later.Add(person);
            }
            else
            {
                assigned.Add(Take(person, seat, OwnClinician, ask, now, []));
            }
        }

        return later;
    }

    /// <summary>What the more urgent have left.</summary>
    private void ToOwn(List<Person> later, ImmutableArray<Assignment>.Builder assigned, long now)
    {
        foreach (var person in later.Where(withOwn.Contains))
        {
            var ask = Ask(person, now);
            if (OwnSeat(person, ask) is { } own)
            {
                assigned.Add(Take(person, own, OwnClinician, ask, now, []));
            }
        }
    }

    /// <summary>The own clinician, where they may take this person now.</summary>
    private Clinician? OwnSeat(Person person, Ask ask) =>
        Own(person) is { InCall: false } own && own.Open < own.Profile.Levels(ask) && !own.IsKeptFrom(ask) && reserves.Let(own.Who, person.Who) ? own : null;

    /// <summary>Somebody more urgent may have this clinician: first the order of need, then the own clinician.</summary>
    private bool IsWanted(Clinician own, int rank, long now)
    {
        foreach (var line in waiting)
        {
            if (line.Head is { } head && line.Fits(own.Profile) && Rank(head.Who, rules, now) < rank)
            {
                return true;
            }
        }

        return false;
    }

    private Clinician? Own(Person person) =>
        person.Who.OwnClinician is { } id && clinicians.TryGetValue(id, out var own) && !own.Who.Paused && person.Line.Fits(own.Profile) ? own : null;

    /// <summary>Who is held stands in no line: settled for all before anybody is kept for a call or asks who is wanted, or it would hang on who was held the turn before.</summary>
    private void Hold(long now)
    {
        foreach (var person in withOwn)
        {
            Hold(person, now);
        }
    }

    /// <summary>While many wait, a person waits a little for their own clinician, by urgency; the most urgent never.</summary>
    private void Hold(Person person, long now)
    {
        var held = busy && !person.Who.IsDated && Own(person) is not null && now - person.Who.ArrivedAt < rules.OwnClinician(person.Who.Urgency);
        if (held && person.Line.People.Contains(person))
        {
            Part(person);
        }
        else if (!held && !person.Line.People.Contains(person))
        {
            Join(person);
        }
    }
}

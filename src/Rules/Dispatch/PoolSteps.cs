using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <content>How the pool moves people and clinicians, and says why.</content>
public sealed partial class Pool
{
    /// <summary>The class that counts now: after its target has passed a class is lifted once, and never above urgency 2.</summary>
    public static int Rank(Waiting person, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(rules);
        var urgency = (int)person.Urgency;
        return urgency > (int)Urgency.Urgent && now - person.ArrivedAt > rules.Target(person.Urgency) ? urgency - 1 : urgency;
    }

    private Ask Ask(Person person, long now) => new(person.Line, Rank(person.Who, rules, now), busy);

    private static int Seats(Clinician clinician) => Math.Min(clinician.Profile.Best, clinician.Who.Seats);

    private static int Taken(Clinician clinician) => clinician.InCall ? Seats(clinician) : Math.Min(clinician.Open, Seats(clinician));

    private Line Line(Waiting who)
    {
        var key = (who.Need, who.Lang, who.Area, who.Channel, who.Urgency);
        if (!lines.TryGetValue(key, out var line))
        {
            if (!groups.TryGetValue((who.Need, who.Urgency, who.IsCall), out var group))
            {
                groups[(who.Need, who.Urgency, who.IsCall)] = group = new Group(who);
            }

            lines[key] = line = new Line(who, group, lines.Count);
            group.Lines.Add(line);
            profiles.ForEach(line.Know);
        }

        return line;
    }

    private void Join(Person person)
    {
        var line = person.Line;
        if (line.People.Add(person) && line.At < 0)
        {
            line.At = waiting.Count;
            waiting.Add(line);
        }

        line.Look = true;
    }

    private void Part(Person person)
    {
        var line = person.Line;
        if (line.People.Remove(person) && line.People.Count == 0)
        {
            var last = waiting[^1];
            (waiting[line.At], last.At) = (last, line.At);
            waiting.RemoveAt(waiting.Count - 1);
            line.At = -1;
        }
    }

    private void Move(Clinician clinician, int open, long lastAssignedAt, bool call)
    {
        if (!clinician.Who.Paused)
        {
            clinician.Profile.Unseat(clinician);
            taken -= Taken(clinician);
        }

        clinician.Open = Math.Max(0, open);
        clinician.InCall = clinician.Open > 0 && (call || clinician.InCall);
        clinician.LastAssignedAt = lastAssignedAt;
        if (!clinician.Who.Paused)
        {
            clinician.Profile.Seat(clinician);
            taken += Taken(clinician);
        }
    }

    /// <summary>The own clinician, where they may take this person now.</summary>
    private Clinician? OwnSeat(Person person, Ask ask) =>
        Own(person) is { InCall: false } own && own.Open < own.Profile.Levels(ask) && (person.Line.IsCall || !own.KeptForCall) ? own : null;

    private Clinician? Own(Person person) =>
        person.Who.OwnClinician is { } id && clinicians.TryGetValue(id, out var own) && !own.Who.Paused && person.Line.Fits(own.Profile) ? own : null;

    /// <summary>While many wait, a person waits a little for their own clinician, by urgency; the most urgent never.</summary>
    private void Hold(Person person, long now)
    {
        var held = busy && Own(person) is not null && now - person.Who.ArrivedAt < rules.OwnClinician(person.Who.Urgency);
        if (held && person.Line.People.Contains(person))
        {
            Part(person);
        }
        else if (!held && !person.Line.People.Contains(person))
        {
            Join(person);
        }
    }

    private Assignment Take(Person person, Clinician clinician, string why, Ask ask, long now, IReadOnlyList<Guid> passed)
    {
        var (eligible, excluded) = Count(ask);
        var made = new Assignment(
            person.Who.Consultation, clinician.Who.Clinician, clinician.Who.Name, why, ask.Rank, now - person.Who.ArrivedAt, eligible, excluded, [.. passed]);
        Leave(person.Who.Consultation);
        Move(clinician, clinician.Open + 1, now, person.Line.IsCall);
        flow.Began(person.Who, now);
        return made;
    }

    /// <summary>Of all on duty: who could take somebody of this line, and what kept the others.</summary>
    private (int Eligible, Exclusions Excluded) Count(Ask ask)
    {
        var line = ask.Line;
        Span<int> by = stackalloc int[Enum.GetValues<Filter>().Length];
        var (eligible, full, paused) = (0, 0, 0);
        foreach (var profile in profiles)
        {
            var misfit = line.Misfit(profile);
            if (misfit == Filter.None)
            {
                var room = profile.Room(ask);
                (eligible, paused) = (eligible + room, paused + profile.Paused);
                // Whoever has fewer seats because they are tired is not called full.
                full += profile.Like.Because == Spared.Tired ? 0 : profile.OnDuty - room;
                by[(int)Filter.Tired] += profile.Like.Because == Spared.Tired ? profile.OnDuty - room : 0;
            }
            else
            {
                by[(int)misfit] += profile.OnDuty + profile.Paused;
            }
        }

        var kept = line.IsCall ? 0 : calls.Kept.Count(c => line.Fits(c.Profile) && !c.InCall && c.Open < c.Profile.Levels(ask));
        return (eligible - kept, new Exclusions(by[(int)Filter.Skill], by[(int)Filter.Language], by[(int)Filter.Channel], by[(int)Filter.Licence], full, paused, kept, by[(int)Filter.ShiftEnds], by[(int)Filter.Tired]));
    }
}

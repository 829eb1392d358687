namespace Yizhen.Rules.Dispatch;

/// <content>How the pool moves people and clinicians, and says why.</content>
public sealed partial class Pool
{
    /// <summary>The class that counts now: after its target has passed a class is lifted once, and never above urgency 2; a dated answer never above urgency 4.</summary>
    public static int Rank(Waiting person, DispatchRules rules, long now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(rules);
        var urgency = (int)person.Urgency;
        return urgency > (int)person.LiftsTo && now - person.ArrivedAt > rules.Target(person.Urgency) ? urgency - 1 : urgency;
    }

    /// <summary>Somebody waits, and not for whoever is not here: then no seat is for a dated answer that is not yet due.</summary>
    public bool AnybodyWaits =>
        waiting.Exists(l => !l.Like.IsDated && l.Fitting.Meets(present)) || withOwn.Any(p => !p.Who.IsDated && p.Line.Fitting.Meets(present));

    private Ask Ask(Person person, long now) => new(person.Line, Rank(person.Who, rules, now), busy, now);

    private static int Seats(Clinician clinician) => Math.Min(clinician.Profile.Best, clinician.Who.Seats);

    private static int Taken(Clinician clinician) => clinician.InCall ? Seats(clinician) : Math.Min(clinician.Open, Seats(clinician));

    private Line Line(Waiting who)
    {
        var key = (who.Need, who.Lang, who.Area, who.Channel, who.Urgency, who.Organisation, who.Campaign, who.LiftsTo, who.IsEarly);
        if (!lines.TryGetValue(key, out var line))
        {
            if (!groups.TryGetValue((who.Urgency, who.Need, who.IsCall), out var group))
            {
                groups[(who.Urgency, who.Need, who.IsCall)] = group = new Group(who);
            }

            lines[key] = line = new Line(who with { PassedBy = default }, group, profiles);
        }

        if (!who.PassedBy.IsDefaultOrEmpty)
        {
            // Nobody else has been passed by the same: a line of one.
            apart.Add(line = new Line(who, line.Group, profiles));
        }

        return line;
    }

    private void Join(Person person)
    {
        var line = person.Line;
        if (line.People.Add(person))
        {
            line.Group.Join(person);
        }

        if (line.At < 0)
        {
            line.At = waiting.Count;
            waiting.Add(line);
        }

        line.Look = true;
    }

    private void Part(Person person)
    {
        var line = person.Line;
        if (!line.People.Remove(person))
        {
            return;
        }

        line.Group.Part(person);
        if (line.People.Count == 0)
        {
            var last = waiting[^1];
            (waiting[line.At], last.At) = (last, line.At);
            waiting.RemoveAt(waiting.Count - 1);
            line.At = -1;
            if (line.IsApart)
            {
                apart.Remove(line);
                tallied.Remove(line);
            }
        }
    }

    private void Move(Clinician clinician, int open, long lastAssignedAt, bool call)
    {
        if (!clinician.Who.Paused)
        {
            Unseat(clinician);
        }

        clinician.Open = Math.Max(0, open);
        clinician.InCall = clinician.Open > 0 && (call || clinician.InCall);
        clinician.LastAssignedAt = lastAssignedAt;
        if (!clinician.Who.Paused)
        {
            Seat(clinician);
        }
    }

    private void Seat(Clinician clinician)
    {
        clinician.Profile.Seat(clinician);
        taken += Taken(clinician);
        Open(clinician.Profile);
    }

    private void Unseat(Clinician clinician)
    {
        clinician.Profile.Unseat(clinician);
        taken -= Taken(clinician);
        Open(clinician.Profile);
    }

    private void Open(Profile profile)
    {
        withSeat.Put(profile.Number, profile.WithSeat > 0);
        idle.Put(profile.Number, profile.IsIdle);
    }

    /// <summary>One more on duty, or one less.</summary>
    private void OnDuty(Clinician clinician, int change)
    {
        var (profile, paused) = (clinician.Profile, clinician.Who.Paused);
        profile.OnDuty += paused ? 0 : change;
        profile.Paused += paused ? change : 0;
        present.Put(profile.Number, profile.OnDuty > 0);
        profiles.Add(profile, paused ? 0 : change * profile.Best);
        foreach (var line in tallied)
        {
            line.Tally?.Add(line.Misfit(profile.Number), profile, paused ? 0 : change, paused ? change : 0);
        }
    }

    private Assignment Take(Person person, Clinician clinician, string why, Ask ask, long now, IReadOnlyList<Guid> passed)
    {
        var (eligible, excluded) = Count(ask, clinician);
        var asks = rules.Prompts.Asks(person.Who);
        var made = new Assignment(
            person.Who.Consultation, clinician.Who.Clinician, clinician.Who.Name, why, ask.Rank, now - person.Who.ArrivedAt, eligible, excluded, [.. passed], asks ? now + rules.Prompts.Ms : null,
            why == OwnClinician ? null : Choice.Index(ask, clinician, rules.Choice));
        Leave(person.Who.Consultation);
        Move(clinician, clinician.Open + 1, now, person.Line.IsCall);
        Lend(clinician, person.Who);
        if (!asks)
        {
            flow.Began(person.Who, now);
        }

        return made;
    }
}

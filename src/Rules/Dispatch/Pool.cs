using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// Who takes whom, now. Hard filters are never relaxed; then urgency, then waiting time; a clinician is bound as late as possible. Told what
/// happens, it decides by what is so at that moment and by nothing else: filled anew from the same state it decides the same. Order depends
/// on integers only, ties go by the order of arrival, never by an id. One writer; not for several threads.
/// </summary>
public sealed partial class Pool(DispatchRules rules, Flow flow)
{
    private const int Thousand = 1000;

    private readonly Profiles profiles = new();
    private readonly Dictionary<Guid, Clinician> clinicians = [];
    private readonly Dictionary<(string, string, string?, string, Urgency, Guid, string, Urgency, bool), Line> lines = [];
    private readonly SortedDictionary<(Urgency Urgency, string Need, bool IsCall), Group> groups = new(Comparer<(Urgency Urgency, string Need, bool IsCall)>.Create((a, b) =>
        a.Urgency != b.Urgency ? a.Urgency.CompareTo(b.Urgency) : string.CompareOrdinal(a.Need, b.Need) is not 0 and var order ? order : a.IsCall.CompareTo(b.IsCall)));

    private readonly List<Line> waiting = [];
    private readonly List<Line> tallied = [];
    private readonly List<Line> apart = [];
    private readonly Dictionary<Guid, Person> people = [];
    private readonly SortedSet<Person> withOwn = new(Person.InOrder);
    private readonly ProfileSet withSeat = new();
    private readonly ProfileSet idle = new();
    private readonly ProfileSet roomier = new();
    private readonly ProfileSet present = new();
    private readonly Calls calls = new(rules.Calls);
    private readonly Reserves reserves = new();
    private readonly Ending ending = new();
    private bool busy;
    private long taken;
    private long seats;

    /// <summary>Those who wait.</summary>
    public int Size => people.Count;

    public void On(OnDuty who)
    {
        ArgumentNullException.ThrowIfNull(who);
        Off(who.Clinician);
        var profile = profiles.Of(who, out var added);
        if (added)
        {
            foreach (var line in lines.Values.Concat(apart))
            {
                line.Know(profile.Number);
            }
        }

        var clinician = new Clinician(who, profile);
        clinicians[who.Clinician] = clinician;
        ending.Await(who, rules);
        OnDuty(clinician, 1);
        if (!who.Paused)
        {
            Seat(clinician);
            calls.On(clinician);
            roomier.Put(profile.Number, isIn: true);
            seats += Seats(clinician);
            Lend(clinician, who.Seats, who.Lent);
        }
    }

    /// <summary>Whom they have open they keep, or it is told by <see cref="Ended"/>.</summary>
    public void Off(Guid id)
    {
        if (!clinicians.Remove(id, out var clinician))
        {
            return;
        }

        OnDuty(clinician, -1);
        if (!clinician.Who.Paused)
        {
            Unseat(clinician);
            calls.Off(clinician);
            seats -= Seats(clinician);
            Lend(clinician, -clinician.Who.Seats, -clinician.Lent);
        }
    }

    /// <summary>One of the clinician's consultations is over, or was handed over.</summary>
    /// <param name="who">Whose it was, where organisations lend each other clinicians.</param>
    public void Ended(Guid id, Waiting? who = null)
    {
        if (clinicians.TryGetValue(id, out var clinician))
        {
            Return(clinician, who);
            Move(clinician, clinician.Open - 1, clinician.LastAssignedAt, call: false);
            roomier.Put(clinician.Profile.Number, isIn: true);
        }
    }

    public void Arrive(Waiting who)
    {
        ArgumentNullException.ThrowIfNull(who);
        Leave(who.Consultation);
        var line = Line(who);
        var person = new Person(who, line);
        people[who.Consultation] = person;
        Join(person);
        if (who.OwnClinician is not null && !line.IsApart)
        {
            withOwn.Add(person);
        }
    }

    /// <summary>Taken, gone, on hold, or content with a dated answer.</summary>
    public void Leave(Guid consultation)
    {
        if (people.Remove(consultation, out var person))
        {
            withOwn.Remove(person);
            Part(person);
        }
    }

    /// <param name="level">Of the surge; what a level does stands in the rules.</param>
    public Round Decide(long now, int level)
    {
        Wind(now);
        var wasBusy = busy;
        busy = taken * Thousand >= seats * rules.Choice.Busy && seats > 0;
        var dates = level >= rules.Offers.Level;
        Hold(now);
        calls.Keep(waiting, flow, roomier, reserves, dates, now);
        var assigned = ImmutableArray.CreateBuilder<Assignment>();
        var later = ToOwn(assigned, now);
        Serve(assigned, busy != wasBusy, now);
        ToOwn(later, assigned, now);
        // Whoever was kept for a call that somebody else has taken by now is free for the others.
        calls.Keep(waiting, flow, roomier, reserves, dates, now);
        if (roomier.Meets(roomier))
        {
            Serve(assigned, all: false, now);
        }

        return new Round(now, assigned.ToImmutable(), dates ? Offers.Of(groups.Values, rules.Offers, flow, busy, now) : []);
    }

    /// <summary>Lines in which something may have changed, in the order of their heads: each head gets the clinician who costs least.</summary>
    private void Serve(ImmutableArray<Assignment>.Builder assigned, bool all, long now)
    {
        var order = new PriorityQueue<Line, (int, long, long)>();
        foreach (var line in waiting)
        {
            if (all || line.Look || line.IsApart || Ages(line, now) || line.Fitting.Meets(roomier))
            {
                Enqueue(order, line, now);
            }
        }

        roomier.Clear();
        var passed = new List<Guid>();
        while (order.TryDequeue(out var line, out _))
        {
            line.Look = false;
            if (line.Head is not { } head)
            {
                continue;
            }

            var ask = Ask(head, now);
            line.Rank = ask.Rank;
            if (OwnSeat(head, ask) is { } own)
            {
                assigned.Add(Take(head, own, OwnClinician, ask, now, passed));
                Enqueue(order, line, now);
            }
            else if (Choice.Best(ask, profiles, line.IsCall ? idle : withSeat, reserves, rules.Choice) is { } best)
            {
                assigned.Add(Take(head, best, "urgency_then_wait", ask, now, passed));
                Enqueue(order, line, now);
            }
            else
            {
                passed.Add(head.Who.Consultation);
            }
        }
    }

    /// <summary>Its head counts as more urgent than when it was last looked at.</summary>
    private bool Ages(Line line, long now) => line.Head is { } head && Rank(head.Who, rules, now) != line.Rank;

    private void Enqueue(PriorityQueue<Line, (int, long, long)> order, Line line, long now)
    {
        if (line.Head is { } head)
        {
            order.Enqueue(line, (Rank(head.Who, rules, now), head.Who.ArrivedAt, head.Who.Order));
        }
    }
}

namespace Yizhen.Rules.Dispatch;

/// <content>What clinicians and people do, as the reference simulator has it: chats share a clinician's time, silence is noticed late, who waits too long leaves.</content>
public sealed partial class DayRun
{
    private OnDuty OnDuty(int number)
    {
        var (desk, shift) = (desks[number], day.Shifts[number]);
        var who = new OnDuty(
            Id(number, 2), "", desk.Order, shift.Skills, shift.Langs, shift.Licence, shift.Channels, shift.Seats, desk.Open.Count + desk.Asking.Count, desk.InCall || desk.Asking.Exists(p => people[p].Who.IsCall), Paused: false, desk.LastAssignedAt, shift.Slowdown,
            Organisation: shift.Organisation, Lent: Lent(number), Aid: day.Aid.Of(shift.Organisation, now), EndsAt: (day.BeginsAt + shift.To + day.Rules.GraceSeconds) * Second, MostUrgent: shift.MostUrgent, Reach: shift.Reach);
        return day.Rules.Fatigue is { } rule ? who.Spare(desk.Level, rule) : who;
    }

    private void Wait(int number, int since)
    {
        var person = people[number];
        var who = person.Who;
        person.Waits = AsWaiting(number, who);
        (person.Since, person.Deadline) = (since, Math.Max(now, since + who.PatienceSeconds));
        agenda.Deadline(number, person.Deadline);
        waiting++;
    }

    private void Begin(int number, int at)
    {
        var (person, desk) = (people[number], desks[at]);
        Advance(desk);
        if (person.Waits is { } waits && rules.Prompts.Asks(waits))
        {
            flow.Began(waits, Ms);
        }

        if (person.Dated is { } dated)
        {
            Keep(number, dated);
        }
        else
        {
            person.Begin(now);
            waiting--;
        }

        person.Left = person.Left > 0 ? person.Left : person.Who.WorkSeconds * (person.Who.OwnShift == at ? day.Rules.OwnWork / (double)Thousand : 1);
        desk.LastAssignedAt = Ms;
        desk.Given++;
        Open(desk, at, new Talk(number, desk.Done + person.Left, now, person.Who.IsCall, person.Who.Organisation));
    }

    private void BeginRunning()
    {
        foreach (var running in day.Running)
        {
            Open(desks[running.Shift], running.Shift, new Talk(-1, Math.Max(1, running.LeftSeconds), 0, running.IsCall, running.Organisation));
        }
    }

    private void Open(Desk desk, int at, Talk talk)
    {
        if (desk.Open.Count == 0)
        {
            desk.BusySince = now;
            agenda.Add(now + Math.Max(1, day.Shifts[at].MostBusySeconds - desk.Busy), at, Turn.MayBeTired);
        }

        desk.Open.Add(talk);
        desk.InCall = talk.IsCall;
        talking++;
        Expect(desk, at);
    }

    private void Close(Desk desk, Talk talk)
    {
        desk.Open.Remove(talk);
        talking--;
        if (desk.Open.Count == 0)
        {
            desk.Busy += now - desk.BusySince;
            desk.InCall = false;
        }
    }

    private void Finish(int at, int version)
    {
        var desk = desks[at];
        if (desk.Version != version)
        {
            return;
        }

        Advance(desk);
        var any = false;
        for (var n = desk.Open.Count - 1; n >= 0; n--)
        {
            var talk = desk.Open[n];
            if (talk.Until <= desk.Done + 1e-6)
            {
                Close(desk, talk);
                heard.Over.Add((at, now - talk.From, talk.IsCall, talk.Organisation));
                if (talk.Person >= 0)
                {
                    var person = people[talk.Person];
                    seated.Add(new Seated(talk.Person, at, talk.From, now, HandedOver: false, person.Dated is not null));
                    if (person.Dated is null)
                    {
                        person.Served(now, Silent(at, talk.From));
                    }
                }

                any = true;
            }
        }

        Expect(desk, at);
        if (any)
        {
            Available(at);
        }
    }

    private void Change(int at, Turn turn)
    {
        var desk = desks[at];
        Advance(desk);
        switch (turn)
        {
            case Turn.Comes: desk.OnShift = true; AwaitDayCap(at); Works(at, day.Shifts[at].WorkedSeconds); break;
            case Turn.Goes: desk.OnShift = false; break;
            case Turn.FallsSilent: desk.Silent = true; Expect(desk, at); break;
            case Turn.IsBack: (desk.Silent, desk.Missed, desk.Paused, desk.Misses) = (false, false, false, 0); Expect(desk, at); break;
            case Turn.IsMissed: desk.Missed = true; HandOver(desk, at); break;
            case Turn.Leaves: desk.Left = true; HandOver(desk, at); break;
            case Turn.GraceOver: HandOver(desk, at); break;
            case Turn.MayBeTired: break;
            case Turn.Rested: desk.Resting = false; Works(at, 0); break;
            case Turn.LendsAnew: LendAnew(at); break;
        }

        Available(at);
    }

    private void HandOver(Desk desk, int at)
    {
        foreach (var talk in desk.Open.ToList())
        {
            Close(desk, talk);
            if (talk.Person < 0)
            {
                heard.Over.Add((at, 0, false, talk.Organisation));
                continue;
            }

            var person = people[talk.Person];
            person.Left = Math.Max(0, talk.Until - desk.Done) + day.Rules.HandOverSeconds;
            seated.Add(new Seated(talk.Person, at, talk.From, now, HandedOver: true, person.Dated is not null));
            if (person.Dated is { } dated)
            {
                KeepOn(talk.Person, dated);
                heard.Over.Add((at, 0, false, talk.Organisation));
                continue;
            }

            person.Waited += Silent(at, talk.From);
            Wait(talk.Person, now);
            heard.Back.Add((talk.Person, at));
        }

        Expect(desk, at);
    }

    private void Advance(Desk desk)
    {
        desk.Done += (now - desk.At) * desk.Rate;
        desk.At = now;
    }

    private void Expect(Desk desk, int at)
    {
        desk.Version++;
        if (desk.Rate is > 0 and var rate)
        {
            var left = desk.Open.Min(t => t.Until) - desk.Done;
            agenda.Ending(now + Math.Max(1, (int)Math.Ceiling((left / rate) - 1e-7)), at, desk.Version);
        }
    }

    /// <summary>Seconds of this consultation in which the clinician did not answer.</summary>
    private int Silent(int at, int from)
    {
        var sum = 0;
        foreach (var (silentFrom, silentTo) in desks[at].Silences(day, at))
        {
            sum += Math.Max(0, Math.Min(silentTo, now) - Math.Max(silentFrom, from));
        }

        return sum;
    }
}

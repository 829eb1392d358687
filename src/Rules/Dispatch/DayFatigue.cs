namespace Yizhen.Rules.Dispatch;

/// <content>
/// How tired clinicians get, by the policy of production: fewer seats near a cap, then only the most urgent. At the cap of continuous work a break is offered,
/// and a clinician of the day takes it as soon as nobody is with them.
/// </content>
public sealed partial class DayRun
{
    private const int Minute = 60;
    private const int Percent = 100;

    private static int Share(int seconds, int minutes) => (int)((long)seconds * Percent / (minutes * Minute));

    private (Tiredness Level, bool Rests) Tiring(int at)
    {
        var desk = desks[at];
        if (day.Rules.Fatigue is not { } rule || desk.WorksSince is not { } since)
        {
            return (Tiredness.Fresh, false);
        }

        var continuous = Share(now - since, rule.ContinuousMinutes);
        var most = Math.Max(continuous, Math.Max(desk.Given * Percent / rule.Consultations, Share(now - desk.DaySince - desk.Rested, rule.DayMinutes)));
        return (most >= Percent ? Tiredness.Tired : most >= rule.SoftPercent ? Tiredness.Tiring : Tiredness.Fresh, continuous >= Percent);
    }

    /// <summary>On duty, or back from a break.</summary>
    /// <param name="worked">Seconds of continuous work before.</param>
    private void Works(int at, int worked)
    {
        if (day.Rules.Fatigue is not { } rule)
        {
            return;
        }

        var desk = desks[at];
        desk.WorksSince = now - worked;
        foreach (var cap in new[] { rule.ContinuousMinutes * Minute * rule.SoftPercent / Percent, rule.ContinuousMinutes * Minute })
        {
            agenda.Add(Math.Max(now + 1, now - worked + cap), at, Turn.MayBeTired);
        }
    }

    private void AwaitDayCap(int at)
    {
        var desk = desks[at];
        if (day.Rules.Fatigue is { } rule)
        {
            agenda.Add(now + (rule.DayMinutes * Minute * rule.SoftPercent / Percent), at, Turn.MayBeTired);
            agenda.Add(now + (rule.DayMinutes * Minute), at, Turn.MayBeTired);
            desk.DaySince = now - day.Shifts[at].WorkedSeconds;
        }
    }

    /// <summary>Begins the break that the cap of continuous work offers, if nobody is with them.</summary>
    private bool Rests(int at, bool offered)
    {
        var desk = desks[at];
        if (!desk.Resting && offered && desk is { OnShift: true, Open.Count: 0, Asking.Count: 0 } && day.Rules.Fatigue is { } rule)
        {
            desk.Resting = true;
            desk.Rested += rule.BreakMinutes * Minute;
            agenda.Add(now + (rule.BreakMinutes * Minute), at, Turn.Rested);
        }

        return desk.Resting;
    }

    private void Available(int at)
    {
        var desk = desks[at];
        var (level, offered) = Tiring(at);
        var softer = level != desk.Level;
        desk.Level = level;
        var spent = desk.Busy + (desk.Open.Count > 0 ? now - desk.BusySince : 0) >= day.Shifts[at].MostBusySeconds;
        var available = desk is { OnShift: true, Left: false, Missed: false, Paused: false } && !spent && !Rests(at, offered);
        if (available != desk.Available)
        {
            desk.Available = available;
            (available ? heard.On : heard.Off).Add(at);
            (available ? [] : desk.Asking.ToList()).ForEach(person => Pass(person, at));
        }
        else if (available && softer && !heard.On.Contains(at))
        {
            heard.On.Add(at);
        }
    }
}

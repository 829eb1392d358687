namespace Yizhen.Rules.Dispatch;

/// <content>What organisations lend each other while the day is played: the terms change by the clock, as the live loop reads them at each turn.</content>
public sealed partial class DayRun
{
    private bool Lends(int at) => day.Aid.Rules.ContainsKey(day.Shifts[at].Organisation);

    private void AwaitTerms()
    {
        for (var desk = 0; desk < desks.Length; desk++)
        {
            AwaitTerms(desk, day.Shifts[desk].From);
        }
    }

    private void AwaitTerms(int desk, int after)
    {
        if (day.Aid.Changes(day.Shifts[desk].Organisation, after) is { } next && next < day.Shifts[desk].To + day.Rules.GraceSeconds)
        {
            agenda.Add(next, desk, Turn.LendsAnew);
        }
    }

    /// <summary>Whoever is in the pool comes into it again under the new terms.</summary>
    private void LendAnew(int at)
    {
        AwaitTerms(at, now);
        if (desks[at].Available && !heard.On.Contains(at))
        {
            heard.On.Add(at);
        }
    }

    /// <summary>Seats that people of other organisations take; a call takes all.</summary>
    private int Lent(int at)
    {
        var (desk, shift) = (desks[at], day.Shifts[at]);
        return !Lends(at) ? 0
            : desk.Open.Where(t => t.Organisation != shift.Organisation).Sum(t => t.IsCall ? shift.Seats : 1)
            + desk.Asking.Select(p => people[p].Who).Where(w => w.Organisation != shift.Organisation).Sum(w => w.IsCall ? shift.Seats : 1);
    }

    /// <summary>Whose it was, for what was lent: only where organisations lend.</summary>
    private Waiting? Whose(int at, Guid organisation, bool call) =>
        Lends(at) ? new Waiting(Guid.Empty, Triage.Urgency.Question, 0, 0, "", "", null, call ? "" : Waiting.Chat, null, Organisation: organisation) : null;

    private Waiting? Whose(int at, int person) => Whose(at, people[person].Who.Organisation, people[person].Who.IsCall);
}

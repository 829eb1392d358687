using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <content>
/// Dated answers are work too: whoever takes a date leaves the line, and comes into the pool again when nobody waits or when the answer is nearly due, as live.
/// A date that is offered is taken as a written answer.
/// </content>
public sealed partial class DayRun
{
    /// <summary>Seconds.</summary>
    private const int LookAgain = 60;

    /// <summary>Not in the pool: whoever has to come into it first, first.</summary>
    private readonly SortedSet<(long JoinsAt, int Person)> promised = [];

    /// <summary>In the pool only because nobody waits.</summary>
    private List<int> early = [];

    /// <summary>Whom nobody may answer in time by the roster, until when nobody looks again.</summary>
    private readonly Dictionary<(string, string, string?, string, Urgency, Guid, string, Urgency), int> nobody = [];

    /// <summary>In the pool until somebody takes them.</summary>
    private int due;
    private int offered;
    private int inTime;
    private int late;
    private int lastEnd;

    private bool AnyPromised => promised.Count + early.Count > 0;

    /// <summary>And somebody is on duty, or comes, who may still answer.</summary>
    private bool Owes => (AnyPromised || due > 0) && day.Rules.Promise is not null && now < lastEnd;

    private PromisesKept Kept => new(
        offered, people.Count(p => p.Dated is { KeptAt: null, By: var by } && by >= Ms), inTime, late, people.Count(p => p.Dated is { KeptAt: null, By: var by } && by < Ms), 0);

    /// <summary>What was promised before the day.</summary>
    private void AwaitPromised()
    {
        lastEnd = day.Shifts.Select(s => s.To).DefaultIfEmpty().Max();
        for (var n = 0; n < day.Promised.Length; n++)
        {
            var (number, (who, by, isCallBack)) = (day.People.Length + n, day.Promised[n]);
            Promise(number, AsWaiting(number, who), (day.BeginsAt + by) * Second, isCallBack);
        }
    }

    private void Promise(int number, Waiting who, long by, bool isCallBack)
    {
        people[number].Dated = new Owed(Promises.InPool(who with { WasOffered = true }, by, rules), by, isCallBack);
        Await(number);
    }

    /// <param name="before">Offers of this round that come first.</param>
    /// <param name="from">Seconds.</param>
    private void PromiseAnswer(int number, Waiting who, int before, int from)
    {
        offered++;
        if (day.Rules.Promise is { } rule)
        {
            var seats = Enumerable.Range(0, desks.Length).Where(n => desks[n].Available).Sum(n => day.Shifts[n].Seats);
            Promise(number, who, Promises.By(who.Urgency, promised.Count + early.Count + due + before, seats, flow.BegunFrom(Urgency.Routine, Ms), rule, rules, Ms, (day.BeginsAt + from) * Second).Written, isCallBack: false);
        }
    }

    /// <summary>As live: now, or when somebody comes by the roster who may answer; null: nobody does in time, and no date is offered. Seconds.</summary>
    private int? AnsweredFrom(Waiting who)
    {
        // Of a day without any shift nothing is known.
        if (day.Rules.Promise is not { } rule || desks.Length == 0)
        {
            return now;
        }

        if (nobody.TryGetValue(Rivals.Kind(who), out var until) && now < until)
        {
            return null;
        }

        int? from = null;
        for (var n = 0; n < desks.Length && from != now; n++)
        {
            var (shift, desk) = (day.Shifts[n], desks[n]);
            var comes = Math.Max(now, shift.From);
            if (!desk.Left && shift.To - comes > rules.Finish(who.Urgency) / Second && (from is not { } sooner || comes < sooner) && Fit.Of(who, OnDuty(n) with { LeastUrgent = Urgency.Question }) == Filter.None)
            {
                from = comes;
            }
        }

        if (from is { } first && (first - now) * Second + rule.WrittenMs[(int)who.Urgency - 1] <= rule.MostMs)
        {
            return from;
        }

        nobody[Rivals.Kind(who)] = now + LookAgain;
        return null;
    }

    private void Await(int number)
    {
        if (people[number].Dated is { } dated && day.Rules.Promise is { } rule)
        {
            promised.Add((Promises.JoinsAt(dated.IsCallBack, dated.By, rule), number));
        }
    }

    /// <summary>Who has a promise and is in the pool now.</summary>
    private void JoinPromised()
    {
        if (day.Rules.Promise is not { } rule || !AnyPromised)
        {
            return;
        }

        var anybody = waiting > 0 && pool.AnybodyWaits;
        var joined = early;
        early = [];
        foreach (var number in joined)
        {
            if (Joins(number, anybody: true) && people[number].Dated is { Who: var owed })
            {
                due++;
                people[number].Waits = owed;
                pool.Arrive(owed);
                continue;
            }

            if (!anybody)
            {
                early.Add(number);
                continue;
            }

            people[number].Waits = null;
            pool.Leave(Id(number, 1));
            Await(number);
        }

        // With every seat taken nobody would be given, and whoever comes next would put them out again.
        var isFree = !anybody && promised.Count > 0 && Enumerable.Range(0, desks.Length).Any(n => desks[n] is { Available: true, InCall: false } desk && desk.Open.Count + desk.Asking.Count < day.Shifts[n].Seats);
        foreach (var one in (isFree ? promised.Where(p => Joins(p.Person, anybody: false)) : promised.TakeWhile(p => p.JoinsAt <= Ms)).ToList())
        {
            promised.Remove(one);
            var number = one.Person;
            var person = people[number];
            var isDue = Joins(number, anybody: true);
            person.Waits = person.Dated?.Who is { } dated ? dated with { IsEarly = !isDue } : null;
            if (isDue)
            {
                due++;
            }
            else
            {
                early.Add(number);
            }

            if (person.Waits is { } waits)
            {
                pool.Arrive(waits);
            }
        }

        bool Joins(int number, bool anybody) => people[number].Dated is { } dated && Promises.Joins(dated.IsCallBack, dated.By, anybody, rule, Ms);
    }

    /// <summary>A clinician begins with the answer.</summary>
    private void Keep(int number, Owed dated)
    {
        if (!early.Remove(number))
        {
            due--;
        }

        people[number].Waits = null;
        if (dated.KeptAt is null)
        {
            (inTime, late) = Ms <= dated.By ? (inTime + 1, late) : (inTime, late + 1);
            people[number].Dated = dated with { KeptAt = Ms };
        }
    }

    /// <summary>The clinician did not come to the end of it: another goes on as soon as there is one.</summary>
    private void KeepOn(int number, Owed dated)
    {
        people[number].Dated = dated with { By = Ms };
        Await(number);
    }

    /// <param name="By">When it is promised for, and <paramref name="KeptAt"/>, when a clinician began with it; UTC milliseconds.</param>
    private sealed record Owed(Waiting Who, long By, bool IsCallBack, long? KeptAt = null);
}

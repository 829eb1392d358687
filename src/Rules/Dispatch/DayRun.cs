namespace Yizhen.Rules.Dispatch;

/// <summary>
/// Plays a day second by second with the dispatcher of production, <see cref="Pool"/>. Dispatch is told what it is told live, and nothing of the
/// future. Chats of one clinician share their time, a call has all of it. No chance in it: the same day is the same result. For one use.
/// </summary>
public sealed partial class DayRun
{
    private const long Second = 1000;
    private const int Thousand = 1000;

    /// <summary>After the last shift nobody is served: whoever then waits leaves when their patience ends.</summary>
    private const int LongestAfter = 36_000;

    private readonly PlannedDay day;
    private readonly SurgeLevels levels;
    private readonly int decline;
    private readonly DispatchRules rules;
    private readonly Flow flow;
    private readonly Pool pool;
    private readonly Desk[] desks;
    private readonly Person[] people;
    private readonly Agenda agenda;
    private readonly List<Seated> seated = [];
    private readonly Heard heard = new();
    private int now;
    private int talking;
    private int waiting;
    private int known;

    private DayRun(PlannedDay day, DispatchRules rules, int level, int decline)
    {
        levels = day.Levels(level);
        day = day.At(levels);
        (this.day, this.rules, this.decline) = (day, rules, decline);
        flow = new Flow(rules);
        pool = new Pool(rules, flow);
        desks = [.. day.Shifts.Select(s => new Desk(s))];
        people = [.. day.People.Concat(day.Promised.Select(p => p.Who)).Select(p => new Person(p))];
        agenda = new Agenda(day.Shifts.Select(s => s.To).Concat(day.People.Select(p => p.At)).DefaultIfEmpty().Max() + LongestAfter);
        for (var desk = 0; desk < desks.Length; desk++)
        {
            agenda.Add(day.Shifts[desk].From, desk, Turn.Comes);
            agenda.Add(day.Shifts[desk].To, desk, Turn.Goes);
            agenda.Add(day.Shifts[desk].To + day.Rules.GraceSeconds, desk, Turn.GraceOver);
        }

        foreach (var away in day.Away)
        {
            agenda.Add(away.From, away.Shift, away.Left ? Turn.Leaves : Turn.FallsSilent);
            if (!away.Left && away.From + day.Rules.SilentSeconds < away.To)
            {
                agenda.Add(away.From + day.Rules.SilentSeconds, away.Shift, Turn.IsMissed);
            }

            if (!away.Left)
            {
                agenda.Add(away.To, away.Shift, Turn.IsBack);
            }
        }
    }

    /// <param name="level">Of the surge, all day; what counts for each campaign follows from <see cref="PlannedDay.Levels"/>.</param>
    /// <param name="decline">Of a hundred to whom a dated answer is offered, who wait on.</param>
    /// <param name="decided">Told each decision.</param>
    /// <param name="look">Told before each decision what the live loop would read: who waits, who is on duty, what lately happened, and the time.</param>
    public static PlayedDay Play(PlannedDay day, DispatchRules rules, int level, int decline = 0, Action<IReadOnlyList<Waiting>, IReadOnlyList<OnDuty>, Flow, long>? look = null, Action<Round>? decided = null)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(rules);
        var run = new DayRun(day, rules, level, decline);
        run.BeginRunning();
        run.AwaitTerms();
        run.AwaitPromised();
        run.Go(look, decided);
        return new PlayedDay(run.day, [.. run.people.Take(day.People.Length).Select(p => p.Made())], [.. run.seated], run.Kept);
    }

    private void Go(Action<IReadOnlyList<Waiting>, IReadOnlyList<OnDuty>, Flow, long>? look, Action<Round>? decided)
    {
        var next = 0;
        for (now = 0; now <= agenda.Last; now++)
        {
            var waited = pool.Size > 0;
            heard.Clear();
            foreach (var (desk, version) in agenda.Endings(now))
            {
                Finish(desk, version);
            }

            foreach (var (desk, turn) in agenda.Turns(now))
            {
                Change(desk, turn);
            }

            foreach (var (person, deadline) in agenda.Deadlines(now))
            {
                GiveUp(person, deadline);
            }

            foreach (var (person, version, at) in agenda.Answers(now))
            {
                Answer(person, version, at);
            }

            for (; next < day.People.Length && people[next].Who.At <= now; next++)
            {
                Wait(next, people[next].Who.At);
                heard.Came.Add(next);
            }

            if (heard.Any || waited || AnyPromised)
            {
                Tell();
                JoinPromised();
                look?.Invoke([.. people.Where(p => p.Asked is null).Select(p => p.Waits).OfType<Waiting>()], [.. Enumerable.Range(0, desks.Length).Where(n => desks[n].Available).Select(OnDuty)], flow, Ms);
                var round = pool.Decide(Ms, levels.Highest);
                decided?.Invoke(round);
                Follow(round);
            }

            agenda.Forget(now);
            if (next == day.People.Length && talking == 0 && waiting == 0 && !Owes)
            {
                break;
            }
        }

        foreach (var person in people.Where(p => p is { Waits: not null, Dated: null }))
        {
            person.Leave(DayEnd.GaveUp, person.Deadline);
        }
    }

    private long Ms => (day.BeginsAt + now) * Second;

    /// <summary>In the order in which the live loop would learn it.</summary>
    private void Tell()
    {
        foreach (var (desk, took, call, organisation) in heard.Over)
        {
            pool.Ended(Id(desk, 2), Whose(desk, organisation, call));
            if (call)
            {
                flow.Ended(took * Second);
            }
        }

        heard.Back.ForEach(back => pool.Ended(Id(back.Desk, 2), Whose(back.Desk, back.Person)));
        heard.Passed.ForEach(passed => pool.Ended(Id(passed.Desk, 2), Whose(passed.Desk, passed.Person)));
        heard.Gone.ForEach(person => pool.Leave(Id(person, 1)));
        foreach (var desk in heard.On)
        {
            Known(desk);
            pool.On(OnDuty(desk));
        }

        heard.Off.ForEach(desk => pool.Off(Id(desk, 2)));
        foreach (var waits in heard.Back.Concat(heard.Passed).Select(back => people[back.Person].Waits).OfType<Waiting>())
        {
            pool.Arrive(waits);
        }

        foreach (var person in heard.Came.Select(person => people[person]))
        {
            if (person.Who.OwnShift is { } own)
            {
                Known(own);
            }

            if (person.Waits is { } waits)
            {
                flow.Came(waits, waits.ArrivedAt);
                pool.Arrive(waits);
            }
        }
    }

    /// <summary>The order in which clinicians were first heard of.</summary>
    private int Known(int desk) => desks[desk].Order >= 0 ? desks[desk].Order : desks[desk].Order = known++;

    private static Guid Id(int number, byte kind) => new(number, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0);

    private static int Number(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BitConverter.ToInt32(bytes);
    }
}

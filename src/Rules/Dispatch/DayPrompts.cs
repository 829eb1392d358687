namespace Yizhen.Rules.Dispatch;

/// <content>What becomes of a decision. Whom a clinician is asked to take: who is there answers, who is silent lets it lapse, and it goes on to the next.</content>
public sealed partial class DayRun
{
    private void Follow(Round round)
    {
        foreach (var made in round.Assignments)
        {
            var (person, desk) = (Number(made.Consultation), Number(made.Clinician));
            if (made.AskedUntil is { } until && day.Rules.AnswerSeconds is { } answer)
            {
                Ask(person, desk, (int)((until / Second) - day.BeginsAt), answer);
            }
            else
            {
                Begin(person, desk);
            }
        }

        var before = 0;
        foreach (var offer in round.Offers)
        {
            var person = people[Number(offer.Consultation)];
            if (person.Waits is { } waits && waits.Order % 100 < decline)
            {
                person.Waits = waits with { WasOffered = true };
                pool.Arrive(person.Waits);
                continue;
            }

            if (person.Waits is not { } who || AnsweredFrom(who) is not { } from)
            {
                continue;
            }

            pool.Leave(offer.Consultation);
            waiting--;
            PromiseAnswer(Number(offer.Consultation), who, before++, from);
            person.Leave(DayEnd.Offered, now);
        }
    }

    private void GiveUp(int number, int deadline)
    {
        var person = people[number];
        if (person is { Waits: not null, Dated: null } && person.Deadline == deadline)
        {
            person.Leave(DayEnd.GaveUp, deadline);
            waiting--;
            if (person.Asked is { } at)
            {
                Unask(number);
                heard.Passed.Add((number, at));
            }

            heard.Gone.Add(number);
        }
    }

    private void Ask(int number, int at, int until, int answer)
    {
        var (person, desk) = (people[number], desks[at]);
        desk.LastAssignedAt = Ms;
        if (answer == 0 && !desk.Silent)
        {
            Begin(number, at);
            return;
        }

        person.Asked = at;
        person.AskedTimes++;
        desk.Asking.Add(number);
        agenda.Answer(now + Math.Max(1, Math.Min(answer, until - now)), number, person.AskedTimes, at);
        agenda.Answer(until, number, person.AskedTimes, at);
    }

    /// <summary>The moment at which they would answer, or the last at which they could.</summary>
    private void Answer(int number, int version, int at)
    {
        var (person, desk) = (people[number], desks[at]);
        if (person.Asked != at || person.AskedTimes != version)
        {
            return;
        }

        if (!desk.Silent)
        {
            Unask(number);
            desk.Misses = 0;
            Begin(number, at);
            return;
        }

        if (person.AskedAgain)
        {
            Pass(number, at);
            desk.Misses++;
            desk.Paused = desk.Misses >= rules.Prompts.Misses;
            Available(at);
        }

        person.AskedAgain = true;
    }

    private void Pass(int number, int at)
    {
        var person = people[number];
        Unask(number);
        heard.Passed.Add((number, at));
        person.Waits = person.Waits is { } waits ? waits with { PassedBy = [.. waits.PassedBy.IsDefault ? [] : waits.PassedBy.Where(p => p.Clinician != Id(at, 2)), new Passed(Id(at, 2), Ms)] } : null;
    }

    private void Unask(int number)
    {
        var person = people[number];
        if (person.Asked is { } at)
        {
            desks[at].Asking.Remove(number);
            (person.Asked, person.AskedAgain) = (null, false);
        }
    }
}

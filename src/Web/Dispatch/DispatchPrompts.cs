using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <content>Prompts: a clinician is asked for urgency 1 and for calls; what is not taken in time goes on to the next, in the place that the person has. And who is rung for.</content>
internal sealed partial class DispatchLoop
{
    private readonly Dictionary<Guid, DateTimeOffset> rung = [];

    /// <summary>What nobody could ring while the service stood still is not rung in one go afterwards: that would be a storm of messages.</summary>
    private WatchAct Ring(Head head, DateTimeOffset now)
    {
        if (rung.TryGetValue(head.Id, out var last) && now < last.AddMilliseconds(rules.RingAgainMs))
        {
            return WatchAct.Nothing;
        }

        rung.Remove(head.Id);
        var act = Watch.Ring(head.QueuedAt ?? head.ChangedAt, head.TimesRung, rules, now.Ms());
        if (act == WatchAct.RingOperator)
        {
            rung[head.Id] = now;
        }

        return act;
    }

    private async Task Ask(Term term, Assignment chosen, DateTimeOffset until, DateTimeOffset now)
    {
        var record = new JournalRow
        {
            Pool = term.Pool, At = now.Ms(), Kind = "prompted", Clinician = chosen.Clinician, Consultation = chosen.Consultation, Body = JsonSerializer.Serialize(chosen with { ClinicianName = "" }, JournalBody),
        };
        if (await Decide(chosen.Consultation, now, c => c.Ask(chosen.Clinician, chosen.ClinicianName, chosen.Why, until), new Beside(term, [record])))
        {
            // Asked is served once: the next prompt goes to somebody else.
            await duties.Assigned(chosen.Clinician, now);
        }
    }

    private async Task LookAfterPrompt(Term term, Head head, DateTimeOffset now)
    {
        var clinician = head.PromptedTo ?? Guid.Empty;
        if ((duty.Of(clinician)?.State != "on" ? Prompting.Away : head.PromptedUntil <= now.Ms() ? Prompting.Lapsed : null) is not { } because)
        {
            return;
        }

        var record = new JournalRow { Pool = term.Pool, At = now.Ms(), Kind = $"prompt_{because}", Clinician = clinician, Consultation = head.Id, Body = "{}" };
        if (await Decide(head.Id, now, c => c.PassPrompt(clinician, because, now), new Beside(term, [record])) && because == Prompting.Lapsed)
        {
            await duties.Missed(clinician, rules.Prompts.Misses, now);
        }
    }
}

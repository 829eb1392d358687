using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>What a clinician's desk shows now: who is theirs, who is open, what was being written.</summary>
internal sealed class DeskScene(Admission admission, AnswerPrompt prompts, Around around, Drafts drafts, Referrals referrals, Duties duties, Shifts shifts, Strains strains, DutyPolicy policy, Surges surges, SurgeRules surge, Recalls recalls, Places places, Phrases phrases, DispatchRules rules, RecheckPolicy recheck, ReportingPolicy reporting, TimeProvider clock)
{
    public async Task<DeskModel> Model(HttpContext http, string? chosen, string? typed, AdviceBody? advice, CancellationToken ct)
    {
        var (who, now, t) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request));
        var (open, dark) = await admission.Assigned(who, now, ct);
        var current = open.FirstOrDefault(c => c.Id.ToString() == chosen) ?? open.FirstOrDefault();
        var kept = await drafts.Of(who, open, ct);
        var broken = new List<NotShown>();
        foreach (var head in dark)
        {
            broken.Add(await around.NotShown(head, ct));
        }

        var outcome = current?.Outcome;
        var lang = Lang.Named(current?.Opening?.Lang);
        // What led to a person (D3, D6, D7) says how to wait for one, which is no advice to leave with.
        var suggested = outcome is null or { Disposition: Disposition.D3 or Disposition.D6 or Disposition.D7 } ? "" : string.Join('\n', outcome.Advice.Select(a => lang[a]).Prepend(lang[outcome.Headline]));
        var questions = current is null ? [] : (await recalls.Rules(ct)).Asked(current);
        return new DeskModel(
            who.Name,
            StaffPlaces.Clinician(t, who.Role),
            await Duty(who, now, ct),
            open,
            current,
            current?.Place is { } place ? place.Region is { } region ? places.Find(region)?.In(t.Code) ?? "" : t["境外", "Abroad"] : "",
            current is null ? [] : DeskWords.Intake(t, current, questions),
            phrases.All,
            [.. kept.Own.Keys],
            typed ?? (current is null ? "" : kept.Own.GetValueOrDefault(current.Id, "")),
            current?.Story?.Text ?? "",
            suggested,
            "",
            advice,
            Guid.CreateVersion7(now),
            [])
        {
            Flags = current is null ? [] : [.. from flag in Enum.GetValues<Flag>()
                                               where !current.IsConfirmed(flag)
                                               select new FlagAsked(flag, current.FlagsWaiting().Contains(flag), reporting.On(flag, current.RulesDay))],
            HelpsOut = current?.Opening is { } opening && opening.Organisation != who.Organisation ? (await around.BrandOf(current, t, ct)).Name : null,
            MayDecide = Policy.May(who.Role, Resource.Flag, Accounts.Act.Create),
            Hospitals = await referrals.For(who, current, ct),
            Broken = [.. broken],
            Asked = await prompts.Of(who, ct),
            MayLower = Policy.May(who.Role, Resource.Urgency, Accounts.Act.Lower),
            Raised = current is null ? [] : [.. current.RaisedFor.Select(recheck.Words).OfType<PolicyText>()],
            Left = current is null ? [] : [.. kept.Left[current.Id]],
            Slow = [.. open.Where(c => c.UnansweredSince is { } since && now - since >= TimeSpan.FromMilliseconds(rules.OfferHandOver(c.Urgency ?? Urgency.Routine))).Select(c => c.Id)],
        };
    }

    private async Task<DeskDuty?> Duty(Subject who, DateTimeOffset now, CancellationToken ct)
    {
        if (await duties.Of(who.Account, ct) is not { } duty)
        {
            return null;
        }

        var strain = duty.State == "off" ? Strain.None : (await strains.Now(now, ct)).GetValueOrDefault(who.Account, Strain.None);
        var ends = duty.State == "off" ? null : (await shifts.Ends(new Dictionary<Guid, long> { [who.Account] = duty.Since }, now, ct)).TryGetValue(who.Account, out var end) ? end.Utc() : (DateTimeOffset?)null;
        return new DeskDuty(
            duty.State, duty.Seats, ends - now <= TimeSpan.FromMinutes(policy.ShiftEnd.TellMinutes) ? ends : null, strain,
            strain.Level == Tiredness.Fresh ? duty.Seats : Fatigue.Softer(duty.Seats, policy.Fatigue), policy.Fatigue.BreakMinutes)
        {
            Missed = duty.State == "paused" && duty.Missed >= rules.Prompts.Misses,
            FromLevel = who.Role == Role.HealthAdviser && (await surges.Levels(ct)).Highest < surge.Advisers.Level ? surge.Advisers.Level : null,
        };
    }
}

namespace Yizhen.Rules.Dispatch;

/// <summary>What keeps a clinician from a person, the first that does; never relaxed by time.</summary>
internal enum Filter
{
    None,
    Skill,
    Language,
    Channel,
    Licence,
    Lending,
    ShiftEnds,
    Tired,
}

internal static class Fit
{
    public static Filter Of(Waiting who, OnDuty clinician) =>
        !clinician.Skills.Contains(who.Need) || who.Urgency < clinician.MostUrgent || clinician.Reach?.Holds(who.Campaign) == false ? Filter.Skill
        : !clinician.Langs.Contains(who.Lang) ? Filter.Language
        : !clinician.Channels.Contains(who.Channel) ? Filter.Channel
        : who.Area is { } area && !clinician.Licence.Contains(Profile.AnyArea) && !clinician.Licence.Contains(area) ? Filter.Licence
        : clinician.Organisation != who.Organisation && clinician.Aid?.Lend(who) == false ? Filter.Lending
        : who.Urgency > clinician.LeastUrgent ? clinician.Because == Spared.Tired ? Filter.Tired : Filter.ShiftEnds
        : Filter.None;
}

namespace Yizhen.Rules.Consultations;

/// <summary>How the person who is ill stands to the person who writes.</summary>
public enum Relation
{
    Self,
    Child,
    Parent,
    Other,
}

/// <summary>The service mode of the policy, fixed at opening. Only light consultation 轻问诊 is in service.</summary>
public enum ServiceMode
{
    LightConsultation,
}

public enum Feeling
{
    Better,
    Same,
    Worse,
}

/// <summary>What the person ticked, and which version of the text stood above the ticks. Nothing is ever ticked for them.</summary>
public sealed record Consent(string TextVersion, bool AdviceOnly, bool ShareWithClinician, bool Keep, bool FollowUp, bool Statistics, bool Guardian);

using System.Collections.Immutable;

namespace Yizhen.Rules.Regulation;

/// <summary>What somebody of the staff may or may not say, order or sign (notes, part B6 and A4).</summary>
public enum Act
{
    ExplainGuidance,
    ReadOutDisposition,
    NamePossibleCauses,
    JudgeDisease,
    InterpretFindings,
    MedicineFacts,
    ChangePrescription,
    PersonalDose,
    Support,
    NameMentalDisorder,
    Certificate,
    SayNoNeedForHospital,
    PromiseCertainty,
    OrderExamination,
    ApprovePrescription,
    SignRecord,
}

/// <summary>The urgencies for which a code may be asked first. Emergency and Urgent are not among them, so that no file can ask (CN-ID-03).</summary>
public enum CodeUrgency
{
    Soon,
    Routine,
    Question,
}

/// <param name="Physician">Allowed to registered physicians.</param>
/// <param name="Others">Allowed to nurses, pharmacists, counsellors and health advisers.</param>
public sealed record ActRule(Act Act, bool Physician, bool Others, ImmutableArray<string> Articles, Grade Grade, PolicyText Text);

/// <param name="AskedBeforeFirstMessage">The switch: a verified phone before the first message to a doctor (CN-ID-02).</param>
public sealed record CodeRule(bool AskedBeforeFirstMessage, ImmutableArray<CodeUrgency> Urgencies, ImmutableArray<string> Articles, Grade Grade, PolicyText Text);

/// <summary>Times of the service, each 1 or more, in the unit that its name says. Those of dispatch stand in <c>policies/dispatch.json</c>.</summary>
/// <param name="DoorMinutes">At the door without a step: went away.</param>
/// <param name="SilentHours">Being asked without a sign: left.</param>
/// <param name="AccessRecordMinutes">One access record covers one sign-in and one consultation until left for so long.</param>
public sealed record ServiceClocks(
    int DoorMinutes,
    int SilentHours,
    int AccessRecordMinutes)
{
    public TimeSpan Door => TimeSpan.FromMinutes(DoorMinutes);

    public TimeSpan Silent => TimeSpan.FromHours(SilentHours);

    public TimeSpan AccessRecord => TimeSpan.FromMinutes(AccessRecordMinutes);

    internal bool ArePositive => new[] { DoorMinutes, SilentHours, AccessRecordMinutes }.All(clock => clock >= 1);
}

/// <summary>Hours within which somebody who has left is contacted, by urgency.</summary>
public sealed record ContactHours(int Emergency, int Urgent, int Soon, int Routine, int Question)
{
    internal bool ArePositive => new[] { Emergency, Urgent, Soon, Routine, Question }.All(hours => hours >= 1);
}

/// <summary>Whoever left before anybody had helped them, and said where to be reached, is contacted by a person.</summary>
/// <param name="Attempts">So often, while nobody is reached; 1 or more.</param>
public sealed record ContactRule(ContactHours WithinHours, int Attempts, Grade Grade, PolicyText Text);

/// <summary>The policy of one mode in one jurisdiction: light consultation 轻问诊, advice only.</summary>
/// <param name="Until">Last day in force; null while open.</param>
/// <param name="GuardianBelowYears">A child below this age needs a guardian's consent (CN-MIN-02).</param>
/// <param name="SmallestShownCount">Figures of fewer people are not shown.</param>
public sealed record LightConsultation(
    string Id,
    string Version,
    string Mode,
    string Jurisdiction,
    string Disease,
    DateOnly From,
    DateOnly? Until,
    string About,
    ImmutableArray<ActRule> Acts,
    CodeRule Code,
    int GuardianBelowYears,
    ServiceClocks Clocks,
    ContactRule Contact,
    int SmallestShownCount)
{
    /// <exception cref="FormatException">Not a policy of light consultation: the sentence says what is wrong.</exception>
    public static LightConsultation Read(string json) => PolicyFile.Read<LightConsultation>(json, policy =>
        policy.Mode != "light_consultation" ? "its mode is not light_consultation."
        : policy.Until < policy.From ? "it ends before it begins."
        : policy.Acts.IsDefaultOrEmpty || !PolicyFile.EachOnce(policy.Acts.Select(a => a.Act), Enum.GetValues<Act>()) ? "each act stands in it once."
        : policy.Acts.Any(a => a.Text.IsEmpty || a.Articles.IsDefault) ? "each act has its words in both languages."
        : policy.Acts.Any(a => a.Act is Act.JudgeDisease or Act.ChangePrescription or Act.Certificate or Act.ApprovePrescription or Act.SignRecord && (a.Physician || a.Others)) ? "light consultation never allows diagnosis, prescription or certificate (CN-FV-06)."
        : policy.Code.Urgencies.IsDefault || policy.Code.Text.IsEmpty ? "the rule of the code names urgencies and has its words in both languages."
        : !policy.Clocks.ArePositive || !policy.Contact.WithinHours.ArePositive ? "each clock is 1 or more."
        : policy.Contact.Attempts < 1 || policy.Contact.Text.IsEmpty ? "contact is attempted once or more often, and the rule has its words in both languages."
        : policy.GuardianBelowYears < 1 || policy.SmallestShownCount < 1 ? "ages and counts are 1 or more."
        : null);

    public string Stamp => $"{Id}@{Version}";

    public bool InForce(DateOnly day) => day >= From && (Until is null || day <= Until);

    public bool Allows(Act act, bool physician)
    {
        var rule = Acts.First(a => a.Act == act);
        return physician ? rule.Physician : rule.Others;
    }

    /// <summary>Whether the phone must be verified before the first message. Emergency and Urgent are never asked (CN-ID-03).</summary>
    /// <param name="urgency">Null for Emergency and Urgent.</param>
    /// <param name="codesGoOut">False when codes cannot be sent or are used up: the person is served in turn and verified later.</param>
    public bool AsksCodeFirst(CodeUrgency? urgency, bool codesGoOut) =>
        Code.AskedBeforeFirstMessage && codesGoOut && urgency is { } asked && Code.Urgencies.Contains(asked);
}

using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>Minutes, one number an urgency; each 1 or more.</summary>
public sealed record ByUrgency(int Emergency, int Urgent, int Soon, int Routine, int Question)
{
    public TimeSpan Of(Urgency urgency) => TimeSpan.FromMinutes(urgency switch
    {
        Urgency.Emergency => Emergency,
        Urgency.Urgent => Urgent,
        Urgency.Soon => Soon,
        Urgency.Routine => Routine,
        Urgency.Question => Question,
    });

    internal bool ArePositive => new[] { Emergency, Urgent, Soon, Routine, Question }.All(minutes => minutes >= 1);
}

/// <param name="HighRiskFrom">Silence at this urgency and above it always goes to the worklist.</param>
public sealed record WaitingRule(ByUrgency EveryMinutes, ByUrgency AnswerMinutes, Urgency HighRiskFrom);

/// <param name="UntilHours">Later than this nobody is asked any more: it would be about another day.</param>
public sealed record FollowUpRule(int AfterHours, int UntilHours, int AnswerMinutes);

/// <summary>What in the answers makes somebody more at risk. "Unknown" is neither yes nor no.</summary>
/// <param name="Input">Code of the protocols' question.</param>
/// <param name="Is">One of these among the answers.</param>
/// <param name="IsNot">Any answer but these.</param>
public sealed record RiskRule(string Code, string Input, decimal? AtLeast, decimal? Below, ImmutableArray<string> Is, ImmutableArray<string> IsNot, PolicyText Text)
{
    internal bool IsMet(ImmutableDictionary<string, string> answers)
    {
        if (!answers.TryGetValue(Input, out var stated))
        {
            return false;
        }

        if (AtLeast is not null || Below is not null)
        {
            return decimal.TryParse(stated, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && !(number < AtLeast) && !(number >= Below);
        }

        var codes = stated.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Is.IsEmpty ? codes.Except(IsNot).Any() : codes.Intersect(Is).Any();
    }

    internal bool Asks => AtLeast is not null || Below is not null || !Is.IsEmpty || !IsNot.IsEmpty;
}

/// <summary>The same person has asked before.</summary>
public sealed record RepeatRule(int WithinHours, PolicyText Text);

/// <param name="NotAbove">A rule raises by one class for each reason, and not beyond this.</param>
public sealed record RaiseRule(Urgency NotAbove);

/// <param name="DueMinutes">Within which somebody sees to an entry.</param>
/// <param name="Escalations">So often somebody is told that an entry is overdue.</param>
public sealed record WorklistRule(ByUrgency DueMinutes, int EscalateAgainMinutes, int Escalations);

/// <summary>When people are asked again, who counts as high risk, what raises the urgency: <c>policies/recheck.json</c>.</summary>
public sealed record RecheckPolicy(
    string Id,
    string Version,
    string About,
    WaitingRule Waiting,
    FollowUpRule FollowUp,
    ImmutableArray<RiskRule> Risks,
    RepeatRule Repeat,
    RaiseRule Raise,
    WorklistRule Worklist)
{
    /// <summary>The code under which a repeated contact raises.</summary>
    public const string Repeated = "repeat";

    /// <exception cref="FormatException">Not such a policy: the sentence says what is wrong.</exception>
    public static RecheckPolicy Read(string json) => PolicyFile.Read<RecheckPolicy>(json, policy =>
        !new[] { policy.Waiting.EveryMinutes, policy.Waiting.AnswerMinutes, policy.Worklist.DueMinutes }.All(minutes => minutes.ArePositive) ? "each time is 1 or more."
        : policy.FollowUp.AfterHours < 1 || policy.FollowUp.AnswerMinutes < 1 || policy.FollowUp.UntilHours <= policy.FollowUp.AfterHours ? "following up ends after it begins."
        : policy.Worklist.EscalateAgainMinutes < 1 || policy.Worklist.Escalations < 1 || policy.Repeat.WithinHours < 1 ? "each time is 1 or more."
        : policy.Raise.NotAbove == Urgency.Emergency ? "no rule raises to an emergency: only words, answers and people do."
        : policy.Risks.IsDefault || policy.Risks.Any(r => r.Is.IsDefault || r.IsNot.IsDefault || !r.Asks || r.Text.IsEmpty || r.Code.Length == 0 || r.Code == Repeated) || policy.Repeat.Text.IsEmpty ? "each risk asks something and has its words in both languages."
        : !PolicyFile.EachOnce(policy.Risks.Select(r => r.Code), policy.Risks.Select(r => r.Code).Distinct()) ? "each risk stands in it once."
        : null);

    /// <summary>Codes of the risks that the answers show.</summary>
    public ImmutableArray<string> RisksOf(ImmutableDictionary<string, string> answers) => [.. Risks.Where(r => r.IsMet(answers)).Select(r => r.Code)];

    /// <summary>The words of a reason, null where this version does not know it any more.</summary>
    public PolicyText? Words(string code) => code == Repeated ? Repeat.Text : Risks.FirstOrDefault(r => r.Code == code)?.Text;
}

using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Directories;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <param name="Open">Everything that is theirs now, longest unanswered first.</param>
/// <param name="Intake">Question, answer, and whether it is still open ("not sure" or not measured).</param>
/// <param name="Draft">The reply that was being written, kept through a lost browser.</param>
/// <param name="Suggested">The protocol's advice in the patient's language, to start from.</param>
/// <param name="Advice">What was typed when the form could not be taken.</param>
public sealed record DeskModel(
    string Me,
    ImmutableArray<(string Href, string Words)> Places,
    DeskDuty? Duty,
    ImmutableArray<Consultation> Open,
    Consultation? Current,
    string Place,
    ImmutableArray<(string Question, string Answer, bool Open)> Intake,
    ImmutableArray<Phrase> Phrases,
    ImmutableHashSet<ConsultationId> Drafts,
    string Draft,
    string Situation,
    string Suggested,
    string Note,
    AdviceBody? Advice,
    Guid MessageId,
    ImmutableArray<Mistake> Mistakes)
{
    /// <summary>What the guard found in the reply, or in the sheet where <see cref="Advice"/> stands; null where nothing.</summary>
    public GuardShown? Guard { get; init; }

    /// <summary>What was typed for somebody who is not on this desk any more; null where nothing was.</summary>
    public string? Unsent { get; init; }

    /// <summary>Why a rule has put the open one further ahead.</summary>
    public ImmutableArray<PolicyText> Raised { get; init; } = [];

    /// <summary>Flags of the open one that wait for a physician.</summary>
    public ImmutableArray<FlagAsked> Flags { get; init; } = [];

    /// <summary>The campaign of the open one, where it is another organisation's: this reader is lent to it. Null at home.</summary>
    public string? HelpsOut { get; init; }

    /// <summary>This reader is a physician: only such decide a flag.</summary>
    public bool MayDecide { get; init; }

    /// <summary>What was written about a flag when the form could not be taken.</summary>
    public string FlagNote { get; init; } = "";

    /// <summary>In whose form the note was typed.</summary>
    public Flag? FlagNoted { get; init; }

    /// <summary>Where this reader may refer the open one to, the nearest first.</summary>
    public ImmutableArray<HospitalNear> Hospitals { get; init; } = [];

    /// <summary>Lowering the urgency is for physicians.</summary>
    public bool MayLower { get; init; }

    /// <summary>A reason for an urgency that could not be taken.</summary>
    public string UrgencyReason { get; init; } = "";

    /// <summary>Whom they are asked to take.</summary>
    public ImmutableArray<PromptView> Asked { get; init; } = [];

    /// <summary>Theirs, and cannot be read.</summary>
    public ImmutableArray<NotShown> Broken { get; init; } = [];

    /// <summary>What those were writing who had the open one before.</summary>
    public ImmutableArray<UnsentDraft> Left { get; init; } = [];

    /// <summary>Unanswered for so long that handing over is offered.</summary>
    public ImmutableHashSet<ConsultationId> Slow { get; init; } = [];
}

/// <summary>A flag, and the duty under which it would be reported. <paramref name="Waiting"/>: triage has flagged it.</summary>
public sealed record FlagAsked(Flag Flag, bool Waiting, ReportDuty Duty);

/// <param name="State">on, pausing, paused or off.</param>
/// <param name="Ends">Of the shift, where it is near enough to be told; null otherwise.</param>
/// <param name="SeatsNow">What dispatch goes by: fewer than <paramref name="Seats"/> where they are tired.</param>
/// <param name="BreakMinutes">Of a break that counts as one.</param>
public sealed record DeskDuty(string State, int Seats, DateTimeOffset? Ends, Strain Strain, int SeatsNow, int BreakMinutes)
{
    /// <summary>Paused because they were asked and nothing was heard of them.</summary>
    public bool Missed { get; init; }

    /// <summary>The surge level from which on this one, a health adviser, is given anybody, where it does not stand yet; null otherwise.</summary>
    public int? FromLevel { get; init; }
}

internal static class DeskWords
{
    /// <summary>Sex and age, never a name: the desk does not need one.</summary>
    public static string Who(Lang t, Consultation c)
    {
        var sex = c.Answers.GetValueOrDefault("sex") switch { "male" => t["男", "Man"], "female" => t["女", "Woman"], _ => t["患者", "Patient"] };
        var age = c.Answers.GetValueOrDefault("age") is { } years and not Question.Unknown ? t[$" {years} 岁", $", {years}"] : "";
        var forWhom = c.Opening?.Relation switch
        {
            Relation.Child => t["（孩子，监护人代问）", " (child, guardian asks)"],
            Relation.Parent => t["（替父母问）", " (asked for a parent)"],
            Relation.Other => t["（替别人问）", " (asked for somebody else)"],
            Relation.Self or null => "",
        };
        var pregnant = c.Answers.GetValueOrDefault("pregnant") == "yes" ? t[" 孕或产后", ", pregnant or newly delivered"] : "";
        return sex + age + pregnant + forWhom;
    }

    public static string Of(Lang t, Flag flag) => flag switch
    {
        Flag.Report => t["疑似法定传染病，要上报", "Suspected notifiable disease, to be reported"],
        Flag.Contact => t["可能的接触者，要告知疾控", "Possible contact, to be told to the CDC"],
    };

    /// <summary>m:ss, or h:mm:ss from an hour on.</summary>
    public static string Lasting(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    public static string Of(Lang t, Disposition disposition) => disposition switch
    {
        Disposition.D0 => t["立即打 120", "call 120 now"],
        Disposition.D1 => t["发热门诊", "fever clinic"],
        Disposition.D2 => t["今天到医院", "hospital today"],
        Disposition.D3 => t["线上医生", "doctor online"],
        Disposition.D4 => t["居家隔离观察", "home observation"],
        Disposition.D5 => t["居家休息", "rest at home"],
        Disposition.D6 => t["心理危机，人工", "crisis, a human now"],
        Disposition.D7 => t["心理疏导", "psychological support"],
    };

    /// <summary>Each question of the day with its answer in the reader's language; what was not sure stands out.</summary>
    public static ImmutableArray<(string Question, string Answer, bool Open)> Intake(Lang t, Consultation c, IEnumerable<Question> questions) =>
        [.. from question in questions
            let stated = c.Answers.GetValueOrDefault(question.Code)
            where stated is not null
            let values = stated.Split(Condition.Separator)
            select (t[question.Ask], string.Join(t["、", ", "], values.Select(v => Says(t, question, v))), values.Contains(Question.Unknown)),
            .. Told(t, c)];

    /// <summary>Signs and conditions that the person told of and no question offers.</summary>
    private static IEnumerable<(string Question, string Answer, bool Open)> Told(Lang t, Consultation c) =>
        ToldCodes.All.SelectMany(codes => c.Answers.TryGetValue(codes.Input, out var told) ? told.Split(Condition.Separator).Select(code => codes.Known.TryGetValue(code, out var words) ? t[words] : code) : [])
            .ToList() is { Count: > 0 } also ? [(t["还说到", "Also told"], string.Join(t["、", ", "], also), false)] : [];

    private static string Says(Lang t, Question question, string value) =>
        question.Choices.FirstOrDefault(a => a.Value == value) is { } choice ? t[choice.Says]
        : value == Question.Unknown ? t["不清楚", "not known"]
        : value == Question.None ? t["都没有", "none"]
        : $"{value} {Units.Of(t, question.Unit)}".TrimEnd();
}

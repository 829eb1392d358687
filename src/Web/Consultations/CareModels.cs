using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Directories;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>Ranges with the time of their making; null bounds where nothing may be said yet.</summary>
/// <param name="From">When the turn may come, at the earliest.</param>
public sealed record WaitRange(int AheadFrom, int AheadTo, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset MeasuredAt)
{
    /// <summary>It already takes longer than this person was told; then nothing more is told.</summary>
    public bool Overdue { get; init; }
}

/// <param name="Label">What the person who is ill is called.</param>
/// <param name="Where">Place in words.</param>
/// <param name="Clinics">Null where nobody is sent anywhere.</param>
/// <param name="CanChange">An answer may still be corrected.</param>
/// <param name="SignedBy">Who answers for the protocol, in words.</param>
public sealed record OutcomeModel(Consultation Consultation, Outcome Outcome, string Label, string Where, HospitalsNear? Clinics, bool CanChange, string SignedBy, ImmutableArray<string> CrisisLines)
{
    /// <summary>Messages go out now: else nobody is asked for a number to be written to.</summary>
    public bool CanText { get; init; } = true;

    /// <summary>The campaign does not cover this person, and it is not urgent: no queue here, and a way elsewhere.</summary>
    public bool Outside { get; init; }
}

public enum WaitingState
{
    InLine,
    /// <summary>The person was silent and is looked for again; the arrival time counts.</summary>
    OnHold,
    /// <summary>A written answer or a call-back by a stored time.</summary>
    Promised,
    /// <summary>Nobody is on duty now; <see cref="WaitingModel.Wait"/> says the place then, and no time.</summary>
    NobodyOnDuty,
}

/// <param name="Phone">Masked; null where there is none.</param>
/// <param name="NextDuty">When by the roster somebody comes who may take this person; null while somebody who may is on duty, or where none is on it.</param>
/// <param name="Refresh">Seconds, where the reader has switched it on.</param>
public sealed record WaitingModel(Consultation Consultation, string Label, WaitingState State, WaitRange? Wait, string? Phone, bool Unverified, DateTimeOffset? NextDuty, int? Refresh, Feeling? Felt = null)
{
    /// <summary>Why a rule has put this person further ahead.</summary>
    public ImmutableArray<PolicyText> Raised { get; init; } = [];

    /// <summary>Why nobody has come yet; null where that is no question.</summary>
    public WaitReason? Why { get; init; }

    /// <summary>Somebody more urgent waits too.</summary>
    public bool UrgentFirst { get; init; }

    /// <summary>They chose a dated answer when its time was over.</summary>
    public bool TooLate { get; init; }

    /// <summary>The campaign was paused while they waited: an answer is promised by then.</summary>
    public DateTimeOffset? AnswerBy { get; init; }
}

/// <summary>Who is answering, as registered.</summary>
/// <param name="Line">Title, department and hospital, with the word on verification.</param>
public sealed record DoctorFace(string Name, string Title, string Line);

/// <param name="Draft">Text that could not be stored and stands in the composer again.</param>
/// <param name="MessageId">Made for this form, so that sending twice is sending once.</param>
public sealed record TalkModel(Consultation Consultation, string Label, DoctorFace? Doctor, string Draft, Guid MessageId, int Longest, bool CodeAsked, ImmutableArray<Mistake> Mistakes);

public sealed record ThreadModel(Consultation Consultation);

/// <param name="Doctor">Name, title and hospital.</param>
public sealed record AdviceModel(Consultation Consultation, AdviceSheet Sheet, DateTimeOffset WrittenAt, string Label, string Where, string Doctor, string RunBy, string Source);

public sealed record MineItem(Consultation Consultation, string Label, string About, bool NewReply);

/// <summary>A consultation that cannot be read now.</summary>
/// <param name="Number">The end of its id: enough to speak about it.</param>
/// <param name="Call">The campaign's hotline; null where the campaign is not known any more.</param>
public sealed record NotShown(string Number, string? Call);

public sealed record MineModel(ImmutableArray<MineItem> Items, ImmutableArray<NotShown> Broken, string AskHref, ImmutableArray<Mistake> Mistakes);

/// <param name="Kept">What a law obliges to keep, in words; null where nothing.</param>
/// <param name="Until">When the last copy in a backup is gone.</param>
public sealed record EraseModel(ConsultationId Id, string Label, bool Live, string? Kept, DateTimeOffset Until, ImmutableArray<Mistake> Mistakes);

public sealed record ErasedModel(DateTimeOffset Until, string? Kept);

/// <param name="Heading">The question, in full.</param>
public sealed record ConfirmModel(string Title, string Heading, string Lead, string Action, string Yes, string No, string NoHref);

/// <summary>What the person who is ill is called on the pages of whoever asked for them.</summary>
internal static class Labels
{
    /// <summary>The heading names the person, so that nobody relies on memory.</summary>
    public static string For(Lang t, string? label, Relation relation) => string.IsNullOrWhiteSpace(label)
        ? relation switch
        {
            Relation.Self => t["我自己", "Myself"],
            Relation.Child => t["孩子", "My child"],
            Relation.Parent => t["父亲或母亲", "My father or mother"],
            Relation.Other => t["家人或别人", "Somebody else"],
        }
        : label;
}
